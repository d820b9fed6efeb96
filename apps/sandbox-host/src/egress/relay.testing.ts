import * as fs from "node:fs/promises";
import * as http from "node:http";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import {
  type EgressAnswer,
  type EgressRequestHead,
  EgressRequestHeader,
  type EgressResponseHead,
  EgressResponseHeader,
  type EgressTally,
  egressApi,
} from "@threadbox/contracts/egress";
import { Generation, ThreadId } from "@threadbox/contracts/ids";
import { Redacted, Schema } from "effect";
import { pino } from "pino";
import { onTestFinished } from "vitest";
import { askDecisions } from "./ask-decision.ts";
import { type Authority, authorityFiles, openAuthority } from "./authority.ts";
import { certificatesOf } from "./certificates.ts";
import { openInterception } from "./intercept.ts";
import { startEgressRelay } from "./relay.ts";
import { tallyEgress } from "./tally.ts";
import { egressWorker } from "./worker.ts";

/** Listens on loopback until the test is over. */
export const listen = async (server: net.Server): Promise<number> => {
  // How a connection ends is what some tests are about, and nothing that a test's own server minds.
  server.on("connection", (socket) => socket.on("error", () => {}));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => {
    server.close();
  });
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
};

const decodeHead = Schema.decodeUnknownSync(EgressRequestHeader);
/** What a call says of the program's request. */
export const readHead = decodeHead;
const encodeHead = Schema.encodeSync(EgressResponseHeader);

/** A worker that intercepts `api.test`, lets `open.test` through, and answers calls as the test says. */
export const workerDouble = async (
  answer: (head: EgressRequestHead, call: http.IncomingMessage, response: http.ServerResponse) => void,
) => {
  const asked: string[] = [];
  const told: EgressTally[] = [];
  const verdicts: Record<string, EgressAnswer> = {
    "api.test": { verdict: "intercept" },
    "open.test": { verdict: "tunnel" },
  };
  const server = http.createServer(async (request, response) => {
    if (request.url === egressApi.tallyPath) {
      told.push(...((await new Response(request).json()) as { tallies: EgressTally[] }).tallies);
      response.writeHead(204).end();
      return;
    }
    if (request.url === egressApi.decisionPath) {
      const { host } = (await new Response(request).json()) as { host: string };
      asked.push(host);
      response.end(JSON.stringify(verdicts[host] ?? { verdict: "deny", reason: "Not that one.", cause: "unlisted" }));
      return;
    }
    answer(decodeHead(request.headers[egressApi.headHeader]), request, response);
  });
  return { url: new URL(`http://127.0.0.1:${await listen(server)}`), asked, told, verdicts, server };
};

/** The answer's head for the program; its body follows on the same response. */
export const answerWith = (response: http.ServerResponse, head: EgressResponseHead): http.ServerResponse =>
  response.writeHead(200, { [egressApi.headHeader]: encodeHead(head) });

/** A relay at a port of loopback, in front of a worker, with that authority or one of its own. */
export const openRelay = async (workerUrl: URL, target?: { readonly port: number }, known?: Authority) => {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), "threadbox-egress-"));
  const authority = known ?? (await openAuthority(folder, Date.now()));
  const token = Redacted.make("control-channel-token-of-the-tests");
  const sandbox = { threadId: ThreadId.make("threadofthetests"), generation: Generation.make(1) };
  const worker = egressWorker(workerUrl, token, sandbox);
  const log = pino({ level: "silent" });
  const tally = tallyEgress(worker, Date.now, log);
  const traffic = { note: () => {}, begin: () => () => {} };
  const socketPath = path.join(folder, "egress.sock");
  const relay = await startEgressRelay({
    socketPath,
    modelGatewayUrl: new URL("/internal/model", workerUrl),
    decisions: askDecisions(worker, () => performance.now()),
    interception: openInterception({ worker, traffic, findCertificate: certificatesOf(authority, Date.now), log }),
    tally,
    show: (headers) => headers,
    traffic,
    log,
    findTarget: async () => (target === undefined ? undefined : { address: "127.0.0.1", port: target.port }),
  });
  const port = await listen(
    net.createServer((client) => {
      const inner = net.connect(socketPath);
      client.on("error", () => inner.destroy()).pipe(inner);
      inner.on("error", () => client.destroy()).pipe(client);
    }),
  );
  onTestFinished(async () => {
    await relay.close();
    await tally.close();
    worker.close();
    await fs.rm(folder, { recursive: true });
  });
  return {
    relay,
    proxy: `http://127.0.0.1:${port}`,
    folder,
    certificate: path.join(authority.publicFolder, authorityFiles.certificate),
    bundle: path.join(authority.publicFolder, authorityFiles.bundle),
  };
};
