import * as http from "node:http";
import * as https from "node:https";
import type { Duplex } from "node:stream";
import { pipeline } from "node:stream";
import type { Logger } from "pino";
import type { Traffic } from "../engines/engine.ts";
import { connectInto } from "../engines/local/inside/connect-into.ts";
import { contained } from "../http/contained.ts";
import { pickHeaders } from "../http/headers.ts";
import { sendWireAnswer, wireAnswer, writeWireAnswer } from "../http/wire.ts";
import type { Decisions } from "./ask-decision.ts";
import { OpenConnections } from "./connections.ts";
import { decideRequest, type EgressDecision, hostWanted, plainHost, tunnelHost } from "./decision.ts";
import type { Interception } from "./intercept.ts";
import type { TallyEgress } from "./tally.ts";
import type { FindTarget } from "./targets.ts";
import type { ShowHeaders } from "./way.ts";

export interface EgressRelayOptions {
  /** Path of the Unix socket to listen on. */
  readonly socketPath: string;
  readonly modelGatewayUrl: URL;
  /** What is done with a CONNECT to a host. */
  readonly decisions: Decisions;
  readonly interception: Interception;
  readonly tally: TallyEgress;
  readonly show: ShowHeaders;
  readonly traffic: Traffic;
  readonly log: Logger;
  readonly findTarget: FindTarget;
}

/** The only way out of one sandbox. */
export interface EgressRelay {
  /**
   * Which hosts may be reached has changed: asks anew, and ends the connections to those that would be treated differently
   * now. Resolves to how many.
   */
  reconsider(): Promise<number>;
  /** Stops listening and cuts what is open. */
  close(): Promise<void>;
}

const connectionsMax = 256;
const established = "HTTP/1.1 200 Connection Established\r\n\r\n";
const noHost = "Only port 443 of a host's name can be reached from a sandbox.";
/** What is open is looked at by itself too, so that a change that nobody has told of ends it. */
const reconsiderMs = 10_000;
const hostsNotedMax = 20;

const plainHeaders = ["content-type", "content-length", "accept", "user-agent", "x-request-id"];
/** Each way has a credential of its own, which the other is not shown. */
const requestHeaders = {
  model: [...plainHeaders, "authorization", "x-api-key", "anthropic-beta"],
  secrets: [...plainHeaders, "x-internal-secret"],
  codemode: [...plainHeaders, "authorization", "last-event-id", "mcp-protocol-version"],
} as const;
const responseHeaders = ["content-type", "content-length", "cache-control", "retry-after", "x-request-id"];

export const startEgressRelay = async (options: EgressRelayOptions): Promise<EgressRelay> => {
  const { modelGatewayUrl, decisions, interception, tally, show, traffic, log, findTarget } = options;
  const transport = modelGatewayUrl.protocol === "https:" ? https : http;
  const agent = new transport.Agent({ keepAlive: true, timeout: 4_000 });
  const gatewayPath = modelGatewayUrl.pathname.replace(/\/$/, "");
  const tunnels = new Set<Duplex>();
  const connections = new OpenConnections();

  const forward = (
    request: http.IncomingMessage,
    response: http.ServerResponse,
    { kind, path }: Extract<EgressDecision, { kind: "model" | "secrets" | "codemode" }>,
  ): void => {
    const headers = show(pickHeaders(request.headers, requestHeaders[kind]));
    if (headers === null) {
      request.resume();
      sendWireAnswer(response, wireAnswer("Forbidden", "This sandbox belongs to no thread yet."));
      return;
    }
    const settle = traffic.begin();
    const upstream = transport.request(
      modelGatewayUrl,
      {
        method: request.method,
        path: kind === "model" ? gatewayPath + path : path,
        headers,
        agent,
      },
      (answer) => {
        settle();
        answer.on("data", traffic.note);
        const status = answer.statusCode ?? 0;
        if (status < 200 || (status >= 300 && status < 400)) {
          answer.resume();
          const said = status < 200 ? "something that is not valid HTTP" : "a redirect";
          sendWireAnswer(response, wireAnswer("UpstreamError", `The model gateway answered with ${said}.`));
          return;
        }
        response.writeHead(status, pickHeaders(answer.headers, responseHeaders));
        response.flushHeaders();
        pipeline(answer, response, () => {});
      },
    );
    upstream.on("error", () => {
      sendWireAnswer(response, wireAnswer("UpstreamError", "The model gateway cannot be reached."));
    });
    response.on("close", () => {
      settle();
      // A gateway that has nothing to write, because its model is silent, notices a reset but no orderly end.
      if (!response.writableFinished && transport === http) upstream.socket?.resetAndDestroy();
      upstream.destroy();
    });
    pipeline(request, upstream, () => {});
  };

  let refusals = 0;
  const hostsNoted = new Set<string>();
  /**
   * A program inside decides how often this happens and what it asks for: a host is noted once, the first few of
   * them at all, and beyond that the log grows with the logarithm of the refusals only.
   */
  const noteRefusal = ({ method, url = "" }: http.IncomingMessage): void => {
    refusals += 1;
    const host = hostWanted(url);
    const isNews = host !== undefined && hostsNoted.size < hostsNotedMax && !hostsNoted.has(host);
    if (isNews) hostsNoted.add(host);
    if (!isNews && !/^10*$/.test(String(refusals))) return;
    log.info({ event: "egress.refused", method, host, refusals }, "a request out of the sandbox was refused");
  };

  const noteNoHost = (target: string): void => {
    const host = plainHost(target);
    tally.note(host, "deny", host === null ? "nameless" : "insecure");
  };
  const answer = (request: http.IncomingMessage, response: http.ServerResponse): void => {
    const decision = decideRequest(request.method ?? "", request.url ?? "");
    if (decision.kind !== "refuse") {
      forward(request, response, decision);
      return;
    }
    noteRefusal(request);
    if (hostWanted(request.url ?? "") !== undefined) noteNoHost(request.url ?? "");
    request.resume();
    sendWireAnswer(response, wireAnswer(decision.tag, decision.message));
  };
  const server = http.createServer({ requestTimeout: 0 }, contained(log, answer));

  const tunnel = async (client: Duplex, host: string, head: Buffer): Promise<void> => {
    const target = await findTarget(host);
    if (target === undefined) {
      writeWireAnswer(client, wireAnswer("UpstreamError", `${host} has no public address.`));
      return;
    }
    const upstream = connectInto({ host: target.address, port: target.port, noDelay: true }, client, traffic.note);
    let isConnected = false;
    upstream.once("connect", () => {
      isConnected = true;
      client.write(established);
      if (head.length > 0) upstream.write(head);
      client.on("data", traffic.note);
      pipeline(client, upstream, () => {});
    });
    upstream.once("end", () => client.end());
    upstream.once("error", () => {
      if (!isConnected) writeWireAnswer(client, wireAnswer("UpstreamError", `${host} cannot be reached.`));
    });
    client.on("close", () => upstream.destroy());
  };

  const intercept = async (client: Duplex, host: string, head: Buffer): Promise<void> => {
    if (head.length > 0) client.unshift(head);
    client.write(established);
    await interception.take(client, host);
  };

  // Each costs this process a descriptor, and programs inside open as many as they like.
  server.maxConnections = connectionsMax;
  const lead = async (request: http.IncomingMessage, client: Duplex, head: Buffer): Promise<void> => {
    const host = tunnelHost(request.url ?? "");
    if (host === null) {
      noteNoHost(request.url ?? "");
      noteRefusal(request);
      writeWireAnswer(client, wireAnswer("Forbidden", noHost));
      return;
    }
    const answer = await decisions.ask(host);
    const { verdict } = answer;
    if (verdict === "deny") {
      tally.note(host, verdict, answer.cause);
      noteRefusal(request);
      writeWireAnswer(client, wireAnswer("Forbidden", answer.reason));
      return;
    }
    tally.note(host, verdict);
    traffic.note();
    if (client.destroyed) return;
    connections.add(client, { host, verdict });
    await (verdict === "tunnel" ? tunnel : intercept)(client, host, head);
  };
  const openTunnel = (request: http.IncomingMessage, client: Duplex, head: Buffer): void => {
    tunnels.add(client);
    client.on("close", () => {
      tunnels.delete(client);
      connections.remove(client);
    });
    client.on("error", () => client.destroy());
    lead(request, client, head).catch(() => client.destroy());
  };
  server.on("connect", contained(log, openTunnel));

  await new Promise<void>((done, fail) => {
    server.once("error", fail);
    server.listen(options.socketPath, () => {
      server.off("error", fail);
      done();
    });
  });
  // From now on an error is a connection that could not be taken, and no reason to end.
  server.on("error", (error) => log.error({ event: "connection.not_taken", err: error }, "a connection was not taken"));
  const reconsider = () => connections.reconsider(decisions.askAlways);
  const timer = setInterval(() => void reconsider(), reconsiderMs).unref();
  return {
    reconsider: () => {
      decisions.forget();
      return reconsider();
    },
    close: () =>
      new Promise((done) => {
        clearInterval(timer);
        agent.destroy();
        for (const client of tunnels) client.destroy();
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
};
