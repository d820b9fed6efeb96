import type {
  AuthorizeProvider,
  CancelLogin,
  ChangeLogin,
  ChangeLogins,
  ConnectLogin,
  LoginList,
  ProviderAuthorization,
  ProviderCallback,
} from "./logins.ts";

/** What a person asks about their ChatGPT logins, by `Authorization: Bearer` with their access token. */
export const loginsApi = {
  /**
   * `?seen=REVISION` waits until there is another revision, at most `listWaitMsMax`, and then answers all the same; asked
   * again and again it tells every tab of each change at once.
   */
  listLogins: { method: "GET", path: "/api/logins" },
  changeLogins: { method: "PATCH", path: "/api/logins" },
  connectLogin: { method: "POST", path: "/api/logins/connect" },
  cancelLogin: { method: "POST", path: "/api/logins/cancel" },
  changeLogin: { method: "PATCH", path: "/api/logins/:loginId" },
  /** Without a body: asks OpenAI itself. `ReauthRequired` where it doesn't take the login any more. */
  testLogin: { method: "POST", path: "/api/logins/:loginId/test" },
  disconnectLogin: { method: "POST", path: "/api/logins/:loginId/disconnect" },
  /** OpenCode's own login, carried to the thread's sandbox; opened by the thread's token. */
  authorizeProvider: { method: "POST", path: "/api/sandbox/:threadId/opencode/provider/openai/oauth/authorize" },
  awaitProvider: { method: "POST", path: "/api/sandbox/:threadId/opencode/provider/openai/oauth/callback" },
} as const;

/** The JSON that a route takes as its body. */
export interface LoginsBodies {
  readonly changeLogins: ChangeLogins;
  readonly connectLogin: typeof ConnectLogin.Encoded;
  readonly cancelLogin: CancelLogin;
  readonly changeLogin: ChangeLogin;
  readonly authorizeProvider: AuthorizeProvider;
  readonly awaitProvider: ProviderCallback;
}

/** The body of each route's good answer. */
export interface LoginsAnswers {
  readonly listLogins: LoginList;
  readonly changeLogins: LoginList;
  readonly connectLogin: LoginList;
  readonly cancelLogin: LoginList;
  readonly changeLogin: LoginList;
  readonly testLogin: LoginList;
  readonly disconnectLogin: LoginList;
  readonly authorizeProvider: ProviderAuthorization;
  readonly awaitProvider: boolean;
}
