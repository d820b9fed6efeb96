export { type AccessToken, makeUserCall } from "./user-call.ts";
