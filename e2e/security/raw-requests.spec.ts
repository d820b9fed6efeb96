import { existsSync, readdirSync } from "node:fs";
import type { NetConnectOpts } from "node:net";
import { main } from "../support/addresses.ts";
import { expect, test } from "../support/fixtures.ts";
import { keysOf } from "../support/keys.ts";
import { oddMessage } from "../support/odd-frames.ts";
import { oddRequest, type Target } from "../support/odd-requests.ts";
import { type ProcessName, pidOf } from "../support/processes.ts";
import { type Random, seededRandom } from "../support/random.ts";
import { shootAll } from "../support/shoot.ts";

/** Another seed finds other requests; the one that found something is printed with it. */
const seed = Number(process.env.FUZZ_SEED ?? 20_251_128);
const count = Number(process.env.FUZZ_COUNT ?? 2_000);

const syncMessages = (random: Random): string =>
  oddMessage(random, [
    { type: ["Connect"], sessionId: ["a", "b"], connectionCount: [0], clientTs: [0, 1] },
    { type: ["Connect"], sessionId: ["a"], maxObservedTimestamp: ["AAAAAAAAAAA=", "//////////8=", "x"] },
    { type: ["Authenticate"], tokenType: ["User", "None", "Admin"], value: ["a.b.c", ""], baseVersion: [0, 1] },
    {
      type: ["ModifyQuerySet"],
      baseVersion: [0],
      newVersion: [1],
      modifications: [
        [{ type: "Add", queryId: 0, udfPath: "threads:list", args: [{}] }],
        [{ type: "Add", queryId: 0, udfPath: "threads:search", args: [{ text: "x" }], journal: "x" }],
        [{ type: "Add", queryId: 1, udfPath: "__proto__", args: [] }],
        [{ type: "Remove", queryId: 0 }],
        [null],
      ],
    },
    {
      type: ["Mutation", "Action"],
      requestId: [0, 1],
      udfPath: ["threads:create", "nothing:here", "__proto__", "a:b:c", ""],
      args: [[{}], [], [null], [{ threadId: "x" }]],
    },
    { type: ["Event"] },
    { path: ["users:me", "x", ""], args: [{}, [{}], [null], null, "x"], format: ["json", "convex_encoded_json", "x"] },
  ]);

interface Aim extends Target {
  readonly to: NetConnectOpts;
  readonly health: string;
}

const at = (url: string, target: Omit<Target, "host"> & { readonly host?: string }, health = "/health"): Aim => {
  const { port, host } = new URL(url);
  return {
    host,
    ...target,
    to: { host: "127.0.0.1", port: Number(port) },
    health: `http://127.0.0.1:${port}${health}`,
  };
};

const hostUrl = `http://127.0.0.1:${main.env.SANDBOX_HOST_PORT}`;

const aims: Readonly<Record<ProcessName, Aim>> = {
  web: at(main.appOrigin, { paths: ["/", "/health", "/threads/x", "/_serverFn/issueThreadToken", "/favicon.svg"] }),
  worker: at(main.workerUrl, {
    paths: "/health /api/model /agents/chat/abc?token=x /api/sandbox/x/restart /internal/model/v1/models".split(" "),
    headers: { Origin: main.appOrigin },
  }),
  convex: at(main.convexUrl, {
    socketPath: "/api/1.48.0/sync",
    paths: "/health /version /api/sync /api/query /api/mutation /api/action /api/function /http/x".split(" "),
    messages: syncMessages,
  }),
  identity: at(main.authUrl, {
    paths: [
      ..."/health /sso/jwks/x /user_management/authenticate /user_management/authorize?redirect_uri=//".split(" "),
      "/user_management/sessions/logout?session_id=x",
    ],
  }),
  "sandbox-host": at(
    hostUrl,
    { paths: "/v1/health /v1/sandboxes /v1/sandboxes/x/ports/80/ /v1/sandboxes/x/files?path=a".split(" ") },
    "/v1/health",
  ),
};

/** Shoots at the address; whatever is sent, the process that serves it is the same one afterwards, and well. */
const expectToStand = async (name: ProcessName, { to, health, ...target }: Aim): Promise<void> => {
  const before = pidOf(name);
  const random = seededRandom(seed);
  const statuses = await shootAll(to, count, () => oddRequest(random, target));
  console.log(`${name}: seed ${seed}, ${count} requests, answers by status ${JSON.stringify(statuses)}`);
  expect(await (await fetch(health)).json()).toMatchObject({ status: "ok" });
  expect(pidOf(name)).toBe(before);
};

for (const [name, aim] of Object.entries(aims) as [ProcessName, Aim][]) {
  test(`no request, frame or upgrade ends the process ${name}`, () => expectToStand(name, aim));
}

/** The program behind the port answers handshakes, and breaks every connection soon after. */
const rudeProgram = `
const { createHash } = require("node:crypto");
require("node:http").createServer((_, response) => response.end("hi")).on("upgrade", ({ headers }, stream) => {
  stream.on("error", () => {});
  const key = headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  const accept = createHash("sha1").update(key).digest("base64");
  stream.write("HTTP/1.1 101 S\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\nSec-WebSocket-Accept: " + accept + "\\r\\n\\r\\n");
  stream.once("data", (bytes) => stream.end(bytes));
}).listen(9000, () => require("node:fs").writeFileSync("/tmp/listens", ""));`;

test("neither what knocks at a sandbox's port nor what comes out of a sandbox ends the sandbox host", async () => {
  const headers = { authorization: `Bearer ${keysOf().sandboxHostToken}` };
  const path = `/v1/sandboxes/${"0123456789abcdef".repeat(2)}`;
  const call = async (method: string, more: string, body?: unknown) => {
    const answer = await fetch(hostUrl + path + more, { method, headers, body: JSON.stringify(body) });
    expect(answer.ok, await answer.clone().text()).toBe(true);
  };
  await call("PUT", "", {
    generation: 1,
    openCodePassword: seed.toString().padStart(32, "p"),
    environment: {},
  });
  const script = 'node -e "$PROGRAM" >/dev/null 2>&1 & until [ -e /tmp/listens ]; do sleep 0.1; done';
  await call("POST", "/exec", { argv: ["sh", "-c", script], env: { PROGRAM: rudeProgram } });

  const { to, health } = aims["sandbox-host"];
  for (const port of [9000, 4096, 9]) {
    const root = `${path}/ports/${port}/`;
    const paths = [root, `${root}#a`, `${root}/`, `${root}%00`];
    await expectToStand("sandbox-host", {
      to,
      health,
      host: "x",
      paths,
      socketPath: root,
      headers: { Authorization: headers.authorization },
    });
  }

  const folder = `/proc/${pidOf("sandbox-host")}/fd`;
  const [run] = readdirSync(folder).filter((fd) => existsSync(`${folder}/${fd}/egress.sock`));
  const paths = "/model/v1/models /model/ //model/x /model/../x example.test:443 example.test:80".split(" ");
  await expectToStand("sandbox-host", {
    to: { path: `${folder}/${run}/egress.sock` },
    health,
    host: "127.0.0.1:8787",
    paths,
    socketPath: "/model/v1/models",
  });
  await call("DELETE", "");
});
