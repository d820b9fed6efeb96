import { expect } from "@playwright/test";
import { type Installation, main } from "./addresses.ts";
import type { Workspace } from "./fixtures.ts";
import { rawRequest } from "./raw-request.ts";

/** Signs a new user in and reads the access token from the identity provider's answer to the page. */
export const signInForAccessToken = async (
  workspace: Workspace,
  installation: Installation = main,
): Promise<string> => {
  const answered = workspace.page
    .waitForResponse((response) => response.url().endsWith("/user_management/authenticate") && response.ok())
    .then((response) => response.json() as Promise<{ access_token: string }>);
  await workspace.signInAsNewUser(installation);
  return (await answered).access_token;
};

/** Calls a Convex function as a user would, without the page. */
export const callConvex = async (
  kind: "query" | "mutation",
  path: string,
  args: Readonly<Record<string, unknown>>,
  accessToken: string,
): Promise<unknown> => {
  const { text } = await rawRequest(`${main.convexUrl}/api/${kind}`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${accessToken}` },
    body: JSON.stringify({ path, format: "convex_encoded_json", args: [args] }),
  });
  const answer = JSON.parse(text);
  expect(answer, path).toMatchObject({ status: "success" });
  return answer.value;
};

/** A thread without a message, and so without a sandbox. */
export const createThread = async (accessToken: string): Promise<string> =>
  String(await callConvex("mutation", "threads:create", {}, accessToken));
