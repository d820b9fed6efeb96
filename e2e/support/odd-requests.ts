import { oddFrames } from "./odd-frames.ts";
import type { Random } from "./random.ts";

/** What one connection is sent, and how the client leaves it. */
export interface OddRequest {
  readonly parts: readonly Buffer[];
  /** Sent as soon as the server has granted an upgrade. */
  readonly frames: readonly Buffer[];
  /** `reset` does not wait for an answer; `end` says that no more comes; `read` leaves when something was answered. */
  readonly leaves: "reset" | "end" | "read";
}

/** Where the requests go: paths that mean something there, and headers that open a door. */
export interface Target {
  readonly host: string;
  readonly paths: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Where an upgrade is granted, if anywhere. */
  readonly socketPath?: string;
  /** What a client of the process could nearly say: in a body, or in a frame after an upgrade. */
  readonly messages?: (random: Random) => string;
}

const methods = [
  ..."GET GET GET GET POST POST PUT DELETE PATCH OPTIONS HEAD TRACE CONNECT".split(" "),
  ..."QUERY PROPFIND M-SEARCH LOCK SOURCE get TRACK PRI BREW".split(" "),
  "",
  "G\0T",
  "GÉT",
];
const oddTargets = [
  ..."// /// //// //a:b //@ //[ //[::1 //:99999 /\\ \\\\ * ? # : @ [ ] /%00 /%zz /%ff%fe /.. /../../etc/passwd /./.".split(
    " ",
  ),
  ..."http:// http:/// http://[ http://: http://a:b@c:d/ https://x y http://localhost:99999/ ws://x/ file:///etc".split(
    " ",
  ),
  ..."javascript:0 //localhost:1/x example.test:443 :443 [::1]:443 a:0 /?%zz /?a=%ff /a?b?c#d /%2f%2f //%2f".split(" "),
  "",
  " ",
  "/a b",
  "/\u0001\u007f",
  "/\u00ff\u00fe",
  `/${"a".repeat(9_000)}`,
  `/${"../".repeat(2_000)}`,
  `/?${"a=1&".repeat(3_000)}`,
];
const oddVersions = [
  ..."HTTP/1.0 HTTP/1.0 HTTP/2.0 HTTP/0.9 HTTP/9.9 http/1.1 HTTP/1 HTTP/1.11 XTTP/1.1".split(" "),
  "",
];
const oddHosts = [
  "",
  " ",
  "a b",
  "[",
  "[::1",
  "@",
  "a@b",
  "a/b",
  "x:99999",
  "x:-1",
  "%",
  "évil",
  "\0",
  ":",
  "a,b",
  "//",
];
const oddEnds = ["\n", "\r", "\r\r\n", "\n\r"];

const upgradeHeaders = (random: Random): string[][] => [
  ["Connection", random.pick(["Upgrade", "Upgrade", "Upgrade", "upgrade, close", "keep-alive", ""])],
  [
    "Upgrade",
    random.pick(["websocket", "websocket", "websocket", "WebSocket", "h2c", "TLS/1.0", "websocket, h2c", ""]),
  ],
  ["Sec-WebSocket-Version", random.pick(["13", "13", "13", "8", "0", "-1", "13, 8", "x", ""])],
  [
    "Sec-WebSocket-Key",
    random.pick([
      "dGhlIHNhbXBsZSBub25jZQ==",
      "dGhlIHNhbXBsZSBub25jZQ==",
      "dGhlIHNhbXBsZSBub25jZQ==",
      "x",
      "",
      "=".repeat(999),
    ]),
  ],
  ...(random.chance(0.3)
    ? [["Sec-WebSocket-Protocol", random.pick(["a", "a, a", ",", "a,,b", "\u0001", "a b", "é", "x".repeat(9_000), ""])]]
    : []),
  ...(random.chance(0.3)
    ? [
        [
          "Sec-WebSocket-Extensions",
          random.pick([
            "permessage-deflate",
            "permessage-deflate; server_max_window_bits=0",
            "permessage-deflate; client_max_window_bits=99; client_max_window_bits",
            'permessage-deflate; a="',
            ";;;,,,",
            "=",
            "x; __proto__=1",
          ]),
        ],
      ]
    : []),
];

const bodyHeaders = (random: Random): string[][] =>
  random.pick([
    [["Content-Length", "5"]],
    [["Content-Length", "99999999999999999999"]],
    [["Content-Length", "-1"]],
    [["Content-Length", "5, 6"]],
    [["Content-Length", "0x5"]],
    [["Transfer-Encoding", "chunked"]],
    [["Transfer-Encoding", "chunked"]],
    [["Transfer-Encoding", "chunked, identity"]],
    [["Transfer-Encoding", "gzip"]],
    [
      ["Transfer-Encoding", "chunked"],
      ["Content-Length", "5"],
    ],
    [
      ["Expect", random.pick(["100-continue", "200-ok", ""])],
      ["Content-Length", "5"],
    ],
  ]);

const oddHeaders = (random: Random): string[][] =>
  random.pick([
    [["Origin", random.pick(["null", "", "http://evil.test", "//", "http://[", "\u00ff"])]],
    [
      [
        "Authorization",
        random.pick(["Bearer", "Bearer ", "Bearer a.b.c", "Basic Og==", `Bearer ${"a".repeat(6_000)}`, "\u00ff"]),
      ],
    ],
    [["Cookie", random.pick(["=", ";;;", "a=%zz", `a=${"b".repeat(9_000)}`, "__proto__=1; constructor=2"])]],
    [
      [
        "Content-Type",
        random.pick(["application/json", "multipart/form-data", "multipart/form-data; boundary=", "\u0001", ";"]),
      ],
    ],
    [["Accept-Encoding", random.pick(["gzip", "br;q=x", ",", "\u00ff"])]],
    [["Range", random.pick(["bytes=0-", "bytes=-0", "bytes=9-1", "x"])]],
    [["Host", random.pick(oddHosts)]],
    [["X-Forwarded-Host", random.pick(oddHosts)]],
    [["", "no name"]],
    [["a b", "name with a space"]],
    [["__proto__", "x"]],
    [["X-Big", "x".repeat(random.pick([100, 15_000, 70_000]))]],
    Array.from({ length: random.pick([3, 150, 3_000]) }, (_, n) => [`X-${n}`, "v"]),
    [["X-Folded", "a\r\n b"]],
    [["X-Bytes", random.bytes(20).toString("latin1")]],
  ]);

const oddBody = (random: Random, messages: Target["messages"]): Buffer =>
  random.pick<() => Buffer>([
    () => Buffer.from("hello"),
    () => Buffer.from(messages?.(random) ?? "{}"),
    () => Buffer.from("5\r\nhello\r\n0\r\n\r\n"),
    () => Buffer.from("5\r\nhel"),
    () => Buffer.from("zz\r\nhello\r\n0\r\n\r\n"),
    () => Buffer.from("ffffffffffffffffff\r\nhello"),
    () => Buffer.from("5;a=b\r\nhello\r\n0\r\nX-Trailer: \u0001\r\n\r\n"),
    () => Buffer.from("-5\r\nhello\r\n0\r\n\r\n"),
    () => Buffer.from("[".repeat(50_000)),
    () => random.bytes(random.int(2_000)),
    () => Buffer.alloc(0),
  ])();

/** A request that is well formed, but for one to three places. */
const nearlyGood = (random: Random, { host, paths, headers = {}, messages }: Target): OddRequest => {
  const isUpgrade = random.chance(0.4);
  const method = isUpgrade && random.chance(0.95) ? "GET" : random.pick(methods);
  const target = random.chance(0.7) ? random.pick(paths) : random.pick(oddTargets);
  const fields: string[][] = [];
  if (random.chance(0.95)) fields.push(["Host", random.chance(0.9) ? host : random.pick(oddHosts)]);
  if (random.chance(0.8)) fields.push(...Object.entries(headers));
  if (isUpgrade) fields.push(...upgradeHeaders(random));
  const hasBody = random.chance(isUpgrade ? 0.1 : 0.5);
  if (hasBody) fields.push(...bodyHeaders(random));
  if (random.chance(0.25)) fields.push(...oddHeaders(random));
  const end = random.chance(0.95) ? "\r\n" : random.pick(oddEnds);
  const version = random.chance(0.9) ? "HTTP/1.1" : random.pick(oddVersions);
  const head = `${method} ${target} ${version}${end}${fields.map(([name, value]) => `${name}: ${value}${end}`).join("")}${end}`;
  const bytes = Buffer.from(head, "latin1");
  // Cut off somewhere in the head: half a request, half a handshake.
  const sent = random.chance(0.1) ? bytes.subarray(0, random.int(bytes.length)) : bytes;
  const frames = isUpgrade ? oddFrames(random, messages) : [];
  const parts: Buffer[] = [sent];
  if (hasBody) parts.push(oddBody(random, messages));
  // Frames that come before the handshake is answered.
  if (isUpgrade && random.chance(0.2)) parts.push(...frames);
  return { parts, frames, leaves: random.pick(["reset", "end", "end", "read", "read"]) };
};

const noise = (random: Random): OddRequest => ({
  parts: [
    random.pick<() => Buffer>([
      () => random.bytes(1 + random.int(3_000)),
      () => Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
      () => Buffer.concat([Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]), random.bytes(500)]),
      () => Buffer.from("\r\n".repeat(random.int(5_000))),
      () => Buffer.from("GET /health HTTP/1.1\r\nHost: x\r\n\r\n".repeat(1 + random.int(100))),
      () => Buffer.alloc(0),
    ])(),
  ],
  frames: [],
  leaves: random.pick(["reset", "end", "read"]),
});

/** A good handshake, and what nobody expects behind it. */
const goodHandshake = (random: Random, path: string, { host, headers = {}, messages }: Target): OddRequest => {
  const fields = { Host: host, Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Version": "13", ...headers };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `GET ${path} HTTP/1.1\r\n${lines.join("")}Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;
  return { parts: [Buffer.from(head)], frames: oddFrames(random, messages), leaves: "read" };
};

/** One more way to disturb a server, of the kinds that scanners, broken proxies and attackers send. */
export const oddRequest = (random: Random, target: Target): OddRequest => {
  const { socketPath } = target;
  if (socketPath !== undefined && random.chance(0.2)) return goodHandshake(random, socketPath, target);
  return random.chance(0.1) ? noise(random) : nearlyGood(random, target);
};
