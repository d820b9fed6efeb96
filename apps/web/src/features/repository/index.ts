export { default } from "./start-from.tsx";
export { TrustSection } from "./trust-section.tsx";
