export { asSandboxFailure, asWireFailure } from "./as-failure.ts";
export { errorText } from "./error-texts.ts";
export { failureWords } from "./failure-words.ts";
export { readWireFailure, WireFailure } from "./wire-failure.ts";
