import type { IssuedThreadToken } from "./thread-token.ts";

/** The web server's own routes. Constants and types only: the page and the server take both, and neither grows by it. */
export const webApi = {
  /** `Authorization: Bearer` with the access token; `IssueThreadToken` → `IssuedThreadToken`, or a wire error. */
  issueThreadToken: { method: "POST", path: "/api/thread-token" },
} as const;

/** What the page asks a thread token with. */
export interface IssueThreadToken {
  readonly threadId: string;
}

export type { IssuedThreadToken };
