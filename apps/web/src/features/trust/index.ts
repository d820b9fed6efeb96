export { TrustSection } from "./trust-section.tsx";
