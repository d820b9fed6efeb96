export { CallbackPage } from "./callback-page.tsx";
export { ConvexSessionProvider } from "./convex-session.tsx";
export { documentOwner } from "./document-owner.ts";
export { RequireSession } from "./require-session.tsx";
export { safeReturnPath } from "./return-path.ts";
export { LoginSessionProvider, useLoginSession } from "./session.tsx";
export { SignInPage } from "./sign-in-page.tsx";
export { UserMenu } from "./user-menu.tsx";
