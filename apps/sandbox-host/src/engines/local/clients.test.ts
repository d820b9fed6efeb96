import { spawnSync } from "node:child_process";
import * as fs from "node:fs/promises";
import { createRequire } from "node:module";
import * as net from "node:net";
import * as path from "node:path";
import { egressApi } from "@threadbox/contracts/egress";
import { egressBaseUrl } from "@threadbox/contracts/sandbox-host";
import { afterAll, describe, expect, test } from "vitest";
import { WebSocketServer } from "ws";
import type { SandboxLimits } from "../../config.ts";
import { answerWith, openRelay, readHead, workerDouble } from "../../egress/relay.testing.ts";
import { requireSandboxes } from "../../require-sandboxes.testing.ts";
import { openJailBench } from "./jail.testing.ts";
import { inside } from "./profile.ts";

const limits: SandboxLimits = { memoryMib: 512, pids: 128, cpus: 1, tmpfsMib: 64, fileMib: 64 };

let relayPort = 0;
const bench = await requireSandboxes(() =>
  openJailBench(limits, { mib: 64, files: 1_000 }, (socket) => {
    const relay = net.connect(relayPort, "127.0.0.1");
    socket
      .on("error", () => {})
      .on("close", () => relay.destroy())
      .pipe(relay);
    relay
      .on("error", () => {})
      .on("close", () => socket.end().resume())
      .pipe(socket);
  }),
);

/** What the supervisor does in every sandbox: opens the ways to the relay. Then the program, and its end. */
const bridge = `
  import("${inside.supervisor}/ways-out.ts").then(({ openWaysOut }) =>
    openWaysOut({ egressSocket: "${inside.egressSocket}", egressPort: ${new URL(egressBaseUrl).port} }, () => {
      require("node:child_process")
        .spawn("/bin/sh", ["-c", process.argv[1]], { stdio: "inherit" })
        .on("close", (code) => process.exit(code ?? 1));
    }));`;

/** In front of a command: the client behaves as one that has never heard of proxies. */
const knowsNoProxy = "unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY NODE_USE_ENV_PROXY; ";

const url = "https://api.test";
const handle = "tbh_handle";
const basic = `Basic ${Buffer.from(`me:${handle}`).toString("base64")}`;

const node = (init: string, path = "/") =>
  `node -e 'fetch("${url}${path}", ${init}).then((r) => r.text()).then((t) => process.stdout.write(t))'`;
const python = (headers: string, path = "/") =>
  `python3 -c 'import urllib.request as u; print(u.urlopen(u.Request("${url}${path}", headers=${headers})).read().decode(), end="")'`;

/** How each client shows a credential, by the place where it stands. */
const clients = {
  curl: {
    bearer: `curl -sS -H "authorization: Bearer ${handle}" ${url}/`,
    basic: `curl -sS -u me:${handle} ${url}/`,
    header: `curl -sS -H "x-api-key: ${handle}" ${url}/`,
    query: `curl -sS "${url}/?key=${handle}"`,
  },
  wget: {
    bearer: `wget -qO- --header "authorization: Bearer ${handle}" ${url}/`,
    basic: `wget -qO- --auth-no-challenge --user me --password ${handle} ${url}/`,
    header: `wget -qO- --header "x-api-key: ${handle}" ${url}/`,
    query: `wget -qO- "${url}/?key=${handle}"`,
  },
  node: {
    bearer: node(`{ headers: { authorization: "Bearer ${handle}" } }`),
    basic: node(`{ headers: { authorization: "${basic}" } }`),
    header: node(`{ headers: { "x-api-key": "${handle}" } }`),
    query: node("{}", `/?key=${handle}`),
  },
  python: {
    bearer: python(`{"authorization": "Bearer ${handle}"}`),
    basic: python(`{"authorization": "${basic}"}`),
    header: python(`{"x-api-key": "${handle}"}`),
    query: python("{}", `/?key=${handle}`),
  },
} as const;

/** What runs a program from its source; a machine without a JDK has none. */
const hasJava = spawnSync("javac", ["-version"]).error === undefined;
/** Only a root host can give programs inside names that lead somewhere. */
const hasNames = bench?.machine.isRoot === true;
const ways: readonly (readonly [string, string])[] = [
  ["by the proxy", ""],
  ...(hasNames ? [["by name", knowsNoProxy] as const] : []),
];

const whole = "data: one\n\ndata: two\n\n";
const expected = { bearer: `Bearer ${handle}`, basic, header: handle, query: `/?key=${handle}` } as const;

describe.skipIf(bench === undefined)(
  "a program in a sandbox believes an intercepted host, and its credential arrives",
  () => {
    afterAll(() => bench?.close());

    const run = async (command: string) => {
      if (bench === undefined) throw new Error("There is no bench.");
      const seen: string[] = [];
      const worker = await workerDouble(({ path, headers }, call, response) => {
        call.resume();
        const shown = new Map(headers.map(([name, value]) => [name, value]));
        seen.push(shown.get("authorization") ?? shown.get("x-api-key") ?? path);
        if (path.includes("/info/refs") || path.startsWith("/simple/")) {
          // Git shows a password to whoever asks for one.
          const isShown = shown.has("authorization");
          const headers: [string, string][] = isShown ? [] : [["www-authenticate", "Basic realm=x"]];
          answerWith(response, { status: isShown ? 404 : 401, headers }).end();
          return;
        }
        answerWith(response, { status: 200, headers: [["content-type", "text/event-stream"]] }).write("data: one\n\n");
        setImmediate(() => response.end("data: two\n\n"));
      });
      const sockets = new WebSocketServer({ noServer: true });
      worker.server.on("upgrade", (request, stream, head) => {
        seen.push(new Map(readHead(request.headers[egressApi.headHeader]).headers).get("authorization") ?? "");
        sockets.handleUpgrade(request, stream, head, (socket) => {
          socket.on("message", (message) => socket.send(String(message)));
        });
      });
      const { proxy } = await openRelay(worker.url, undefined, bench.machine.authority);
      relayPort = Number(new URL(proxy).port);
      const result = await bench.run(bench.profile(limits), limits, ["/opt/threadbox/bin/node", "-e", bridge, command]);
      return { ...result, seen };
    };

    for (const [way, prefix] of ways) {
      for (const [client, places] of Object.entries(clients)) {
        test.each(Object.entries(places))(
          `${client}, ${way}, %s, with an answer that streams`,
          async (place, command) => {
            const { output, complaint, seen } = await run(prefix + command);
            expect({ output, complaint, seen }).toMatchObject({
              output: whole,
              seen: [expected[place as keyof typeof expected]],
            });
          },
        );
      }
    }

    test.runIf(hasNames)("ws, by name, with a WebSocket that carries both ways", async () => {
      if (bench === undefined) throw new Error("There is no bench.");
      // The package as programs have it, which knows of no proxy.
      const modules = path.join(bench.workspace, "node_modules", "ws");
      await fs.cp(path.dirname(createRequire(import.meta.url).resolve("ws/package.json")), modules, {
        recursive: true,
      });
      const { output, complaint, seen } = await run(`
        cd ${inside.workspace}; node -e '
          const socket = new (require("ws"))("wss://api.test/", { headers: { authorization: "Bearer ${handle}" } });
          socket.on("open", () => socket.send("hello"));
          socket.on("message", (message) => { console.log(String(message)); socket.close(); });'`);
      expect({ output, complaint, seen }).toEqual({ output: "hello\n", complaint: "", seen: [`Bearer ${handle}`] });
    });

    test.runIf(hasNames && hasJava)("java, by name, in Bearer", async () => {
      const program = `
        public class Ask {
          public static void main(String[] a) throws Exception {
            var asked = java.net.URI.create("${url}/").toURL().openConnection();
            asked.setRequestProperty("authorization", "Bearer ${handle}");
            System.out.write(asked.getInputStream().readAllBytes());
            System.out.flush();
          }
        }`;
      const { output, complaint, seen } = await run(`
        cat > ${inside.workspace}/Ask.java <<'END'\n${program}\nEND
        cd ${inside.workspace}; java -Xmx64m Ask.java`);
      expect({ output, complaint, seen }).toMatchObject({ output: whole, seen: [`Bearer ${handle}`] });
    });

    test.runIf(hasNames)("a client that ignores the proxy is refused where the proxy would refuse it", async () => {
      const { output, complaint } = await run(
        `${knowsNoProxy} curl -sS https://refused.test/ 2>&1 | grep -o "alert access denied"; curl -sS http://refused.test/; true`,
      );
      expect(complaint).toBe("");
      expect(output).toContain("alert access denied");
      expect(output).toContain("Plain HTTP to other hosts is not allowed");
    });

    test.runIf(hasNames)("a name that is none has no address, and one of this machine is its own", async () => {
      const lookup = (name: string) =>
        `node -e 'require("dns").lookup("${name}", (e, a) => console.log(e ? e.code : a))'`;
      const { output } = await run([lookup("nothing"), lookup("localhost"), lookup("api.test")].join("; "));
      expect(output).toBe("ENOTFOUND\n127.0.0.1\n127.0.0.2\n");
    });

    test.each([
      ["git", `git ls-remote https://me:${handle}@api.test/x.git || true`],
      [
        "git, with a header of the configuration",
        `git -c http.extraHeader="authorization: ${basic}" ls-remote ${url}/x.git || true`,
      ],
      [
        "pip",
        `pip download --no-input --retries 0 --disable-pip-version-check -i https://me:${handle}@api.test/simple nothing || true`,
      ],
    ])("%s, in Basic, whether it knows of the proxy or not", async (_, command) => {
      for (const [, prefix] of ways) {
        const { seen, complaint } = await run(prefix + command);
        expect(seen, complaint).toContain(basic);
      }
    });

    test("A84: what the environments inside hold of a credential is what the start has put there", async () => {
      const { output } = await run(
        "cat /proc/[0-9]*/environ | tr '\\0' '\\n' | sort -u; ls -l /opt/threadbox/certificates",
      );
      expect(output).toContain("NODE_EXTRA_CA_CERTS=/opt/threadbox/certificates/authority.pem");
      expect(output).toMatch(/authority\.pem[\s\S]*bundle\.pem/);
      expect(output).not.toMatch(/PRIVATE|control-channel-token|key\.pem/);
    });
  },
);
