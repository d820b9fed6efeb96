export { readAddress } from "./address.ts";
export { modelKeyRefused, untakenKey } from "./errors.ts";
export { endedValuesOf, endValue, keepValue, leaseValue, openValueOf, replaceValue } from "./kept-value.ts";
export { keyHeaders, ownModel } from "./provider.ts";
export { reachProvider } from "./reach.ts";
export { withTraits } from "./traits.ts";
export { tryKey } from "./try-key.ts";
