export { ThreadAccess, threadAccessLayer } from "./access.ts";
export { type AuthorizedThread, authorizeOwnThread, authorizeThread, type ThreadDoor } from "./door.ts";
export { threadTokensLayer } from "./thread-token.ts";
