export { ThreadAccess, threadAccessLayer } from "./access.ts";
export { type AuthorizedThread, authorizeThread, type ThreadDoor } from "./door.ts";
export { threadTokensLayer } from "./thread-token.ts";
