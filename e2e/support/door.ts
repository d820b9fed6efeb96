import { readdirSync } from "node:fs";
import { join } from "node:path";
import { webApi } from "@threadbox/contracts/web-api";
import { fillPath, workerApi } from "@threadbox/contracts/worker-api";
import { callConvex, createThread, signInForAccessToken } from "./access.ts";
import { main } from "./addresses.ts";
import { expect, test, Workspace } from "./fixtures.ts";
import { type RawAnswer, rawRequest, upgradeHeaders } from "./raw-request.ts";
import { claimsOf } from "./thread-token.ts";

/** A user with threads, another user with one, and the ways to knock. */
export interface Door {
  readonly userId: string;
  readonly accessToken: string;
  /** Has been opened, so its Durable Object exists. */
  readonly openThread: string;
  /** Exists and has never been opened. */
  readonly thread: string;
  readonly otherUserId: string;
  readonly othersThread: string;
  readonly othersAccessToken: string;
  readonly newThread: () => Promise<string>;
  readonly removeThread: (threadId: string) => Promise<unknown>;
  /** Asks the web server for a thread token exactly as the page does, with these headers in place of the page's. */
  readonly askForToken: (threadId: string, headers: Readonly<Record<string, string>>) => Promise<RawAnswer>;
  /**
   * Shows each token (null: none) at every route of the thread and expects that refusal: its status, its form, no
   * trace of the token, and no Durable Object that was not there before. Answers what every route said.
   */
  readonly expectRefused: (
    tokens: Readonly<Record<string, string | null>>,
    tag: string,
    threadId?: string,
  ) => Promise<readonly string[]>;
}

const statusOf = (tag: string) => (tag === "ThreadScopeMismatch" ? 403 : 401);

/** Names of all Durable Objects that were ever looked up: each has a file from then on. */
export const durableObjects = (): readonly string[] =>
  ["-ThreadAgent", "-ThreadSandbox"].flatMap((kind) =>
    readdirSync(join(main.home, "worker/do", kind)).filter((name) => name.endsWith(".sqlite")),
  );

const knock = async (threadId: string, token: string | null): Promise<readonly RawAnswer[]> => {
  const query = token === null ? "" : `?token=${encodeURIComponent(token)}`;
  const authorization = token === null ? {} : { authorization: `Bearer ${token}` };
  const at = (route: Extract<keyof typeof workerApi, "restartSandbox" | "thread" | "transcript">) =>
    `${main.workerUrl}${fillPath(workerApi[route].path, { threadId })}`;
  const terminals = `${main.workerUrl}/api/sandbox/${threadId}/terminals`;
  return [
    await rawRequest(at("restartSandbox"), { method: "POST", headers: authorization }),
    await rawRequest(`${main.workerUrl}/api/sandbox/${threadId}/ports`, { headers: authorization }),
    await rawRequest(`${main.workerUrl}/api/sandbox/${threadId}/views`, { method: "POST", headers: authorization }),
    await rawRequest(`${main.workerUrl}/api/sandbox/${threadId}/file?path=a`, {
      method: "PUT",
      headers: authorization,
    }),
    await rawRequest(`${main.workerUrl}/api/sandbox/${threadId}/folders?path=`, { headers: authorization }),
    await rawRequest(`${main.workerUrl}/sandbox/opencode?thread=${threadId}`, { headers: authorization }),
    await rawRequest(`${main.workerUrl}/sandbox/${threadId}/opencode/session`, { headers: authorization }),
    await rawRequest(terminals, { headers: authorization }),
    await rawRequest(terminals, { method: "POST", headers: authorization }),
    await rawRequest(`${terminals}/pty_1`, { method: "PUT", headers: authorization }),
    await rawRequest(`${terminals}/pty_1`, { method: "DELETE", headers: authorization }),
    await rawRequest(`${terminals}/pty_1/socket${query}`, { headers: { ...upgradeHeaders, origin: main.appOrigin } }),
    await rawRequest(`${at("transcript")}${query}`),
    await rawRequest(`${at("thread")}${query}`, { headers: { ...upgradeHeaders, origin: main.appOrigin } }),
  ];
};

const expectRefused: Door["expectRefused"] = async (tokens, tag, threadId = "") => {
  const before = durableObjects();
  const said: string[] = [];
  for (const [name, token] of Object.entries(tokens)) {
    for (const [route, { status, headers, text }] of (await knock(threadId, token)).entries()) {
      const requestId = String(headers["x-request-id"]);
      expect({ name, route, status, text }).toMatchObject({ status: statusOf(tag) });
      const { error } = JSON.parse(text);
      expect({ name, error }).toMatchObject({ error: { _tag: tag, requestId } });
      expect(Object.keys(error).sort()).toEqual(["_tag", "message", "requestId", "retryable"]);
      expect(headers["cache-control"]).toBe("no-store");
      if (token !== null) expect(text + JSON.stringify(headers)).not.toContain(token);
      said.push(`${route} ${status} ${text.replaceAll(requestId, "")}`);
    }
  }
  expect(durableObjects()).toEqual(before);
  return said;
};

const subjectOf = (accessToken: string): string => String(claimsOf(accessToken).sub);

export const doorTest = test.extend<object, { readonly door: Door }>({
  door: [
    async ({ browser }, use) => {
      const page = async () => new Workspace(await (await browser.newContext()).newPage());
      const [workspace, other] = [await page(), await page()];
      const accessToken = await signInForAccessToken(workspace);
      const othersToken = await signInForAccessToken(other);
      const newThread = () => createThread(accessToken);
      const [openThread, thread, othersThread] = [
        await newThread(),
        await newThread(),
        await createThread(othersToken),
      ];

      const asked = workspace.page.waitForRequest(
        (request) => request.method() === "POST" && new URL(request.url()).pathname === webApi.issueThreadToken.path,
        { timeout: 0 },
      );
      // Both ways in have been gone through: nothing of this page looks a Durable Object up later.
      const transcriptRead = workspace.page.waitForResponse(
        (response) =>
          response.url().includes(fillPath(workerApi.transcript.path, { threadId: openThread })) && response.ok(),
        { timeout: 0 },
      );
      const socketHeard = new Promise<void>((resolve) => {
        workspace.page.on("websocket", (socket) => {
          if (socket.url().includes(fillPath(workerApi.thread.path, { threadId: openThread })))
            socket.on("framereceived", () => resolve());
        });
      });
      await workspace.page.goto(`${main.appOrigin}/t/${openThread}`);
      const request = await asked;
      const { authorization: _, ...pageHeaders } = await request.allHeaders();
      const body = request.postData() ?? "";
      expect(body).toContain(openThread);
      await Promise.all([transcriptRead, socketHeard]);
      await workspace.page.context().close();
      await other.page.context().close();

      const sent = Object.entries(pageHeaders).filter(
        ([name]) => !/^:|^(host|content-length|connection|accept-encoding)$/.test(name),
      );
      await use({
        userId: subjectOf(accessToken),
        accessToken,
        openThread,
        thread,
        otherUserId: subjectOf(othersToken),
        othersThread,
        othersAccessToken: othersToken,
        newThread,
        removeThread: (threadId) => callConvex("mutation", "threads:remove", { threadId }, accessToken),
        askForToken: (threadId, headers) =>
          rawRequest(request.url(), {
            method: "POST",
            headers: { ...Object.fromEntries(sent), ...headers },
            body: body.replaceAll(openThread, threadId),
          }),
        expectRefused: (tokens, tag, threadId = thread) => expectRefused(tokens, tag, threadId),
      });
    },
    { scope: "worker", timeout: 600_000 },
  ],
});
