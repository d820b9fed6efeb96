export { errorText } from "./error-texts.ts";
export { failureWords } from "./failure-words.ts";
export { asSandboxFailure, asWireFailure, readWireFailure, WireFailure } from "./wire-failure.ts";
