export { ThreadAccess, threadAccessLayer } from "./access.ts";
export { type AuthorizedThread, authorizeOwnThread, authorizeThread, type ThreadDoor } from "./door.ts";
export { ThreadLook } from "./thread-look.ts";
export { threadTokensLayer } from "./thread-token.ts";
