/** A message of the user's beside its words: how it stands on its way, and its files. */
export { BesideWords } from "./beside-words.tsx";
export { DeliveryLine } from "./delivery-line.tsx";
