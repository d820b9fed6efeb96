import { viewOrigin } from "@threadbox/contracts/views";
import { callConvex, signInForAccessToken } from "../support/access.ts";
import { main } from "../support/addresses.ts";
import { expect, test } from "../support/fixtures.ts";
import { type HeldStream, holdStream } from "../support/held-stream.ts";
import { bearer, rawRequest, upgradeHeaders } from "../support/raw-request.ts";
import { claimsOf, signThreadToken } from "../support/thread-token.ts";

/** Answers every upgrade with a socket that stays, and `/stream` without an end. */
const server = `require("node:http").createServer((request, response) => {
  if (request.url === "/stream") setInterval(() => response.write("."), 100); else response.end("ready");
}).on("upgrade", (request, socket) => {
  const key = request.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  const accept = require("node:crypto").createHash("sha1").update(key).digest("base64");
  socket.write("HTTP/1.1 101 Switching Protocols\\r\\nupgrade: websocket\\r\\nconnection: upgrade\\r\\nsec-websocket-accept: " + accept + "\\r\\n\\r\\n");
}).listen(5173, "127.0.0.1");`;
const start = `echo '${Buffer.from(server).toString("base64")}' | base64 -d > server.cjs; nohup node server.cjs > log.txt 2>&1 & echo is-$((40 + 2))`;

test("every open socket and stream of a view, a preview and a terminal ends within three seconds once its right is gone", async ({
  workspace,
}) => {
  const accessToken = await signInForAccessToken(workspace);
  await workspace.openNewThread();
  await workspace.send(`$ ${start}`);
  await workspace.waitForOutput("is-42");
  await workspace.waitUntilAnswered();
  const threadId = new URL(workspace.page.url()).pathname.split("/").at(-1) ?? "";
  const token = await signThreadToken(threadId, String(claimsOf(accessToken).sub));
  const api = `${main.workerUrl}/api/sandbox/${threadId}`;
  const ofPage = { ...bearer(token), origin: main.appOrigin, "content-type": "application/json" };

  const openView = async (target: string) => {
    const { text } = await rawRequest(`${api}/views`, {
      method: "POST",
      headers: ofPage,
      body: JSON.stringify({ target }),
    });
    const { url } = JSON.parse(text) as { readonly url: string };
    const { headers } = await rawRequest(url);
    const { origin } = new URL(url);
    return { origin, headers: { cookie: headers["set-cookie"]?.[0]?.split(";")[0] ?? "", origin } };
  };
  const preview = await openView("port:5173");
  const openCode = await openView("opencode");
  const opened = await rawRequest(`${api}/terminals`, { method: "POST", headers: ofPage });
  const { id } = JSON.parse(opened.text) as { readonly id: string };
  const held: Readonly<Record<string, HeldStream>> = {
    "a preview's socket": await holdStream(`${preview.origin}/socket`, { ...upgradeHeaders, ...preview.headers }),
    "a preview's stream": await holdStream(`${preview.origin}/stream`, preview.headers),
    "a stream of OpenCode's page": await holdStream(`${openCode.origin}/event`, openCode.headers),
    "a terminal's socket": await holdStream(`${api}/terminals/${id}/socket?token=${token}`, {
      ...upgradeHeaders,
      origin: main.appOrigin,
    }),
  };
  expect(Object.values(held).map(({ status }) => status)).toEqual([101, 200, 200, 101]);

  await callConvex("mutation", "threads:remove", { threadId }, accessToken);
  const revokedAt = performance.now();
  expect((await rawRequest(`${main.workerUrl}/agents/chat/${threadId}/get-messages?token=${token}`)).status).toBe(404);
  /** What this machine takes now for one question about a right. */
  const questionMs = performance.now() - revokedAt;
  for (const [what, { endedAt }] of Object.entries(held)) {
    const took = Math.round((await endedAt) - revokedAt);
    test.info().annotations.push({ type: what, description: `${took} ms` });
    expect(took, what).toBeLessThan(viewOrigin.revokedSecondsMax * 1_000 + questionMs);
  }
});
