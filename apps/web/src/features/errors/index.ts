export { errorText } from "./error-texts.ts";
export { readWireFailure, WireFailure } from "./wire-failure.ts";
