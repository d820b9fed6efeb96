export { type AccessToken, makeUserCall } from "./user-call.ts";
export { makeUserStream } from "./user-stream.ts";
