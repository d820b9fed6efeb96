export { ProviderChoice, type WhenBegun } from "./provider-choice.tsx";
