import { createServer, type ServerResponse } from "node:http";
import {
  decideSecret,
  isTrusted,
  type KeptSecret,
  type SecretAnswer,
  type SecretOutcome,
  withoutOlder,
} from "./kept-secrets.ts";
import type { SecretNews, ToldNews } from "./protocol.ts";

export interface SecretsAgentOptions {
  /** Of its socket, in the sandbox's own network: there is no file that could be taken away. */
  readonly name: string;
  readonly ask: (name: string) => Promise<SecretAnswer>;
  readonly now: () => number;
}

export interface SecretsAgent {
  /** Programs may ask from when it resolves, also where nobody can listen. */
  readonly isListening: Promise<void>;
  /** A secret has changed: takes what comes along, or asks anew, hands it to whoever follows, and says what came of it. */
  tell(news: SecretNews): Promise<ToldNews>;
  close(): void;
}

const connectionsMax = 64;
const namesMax = 500;
const namePath = /^\/([A-Z][A-Z0-9_]{0,63})(\?follow)?$/;

/**
 * Keeps the secrets that programs of this sandbox have read, for as long as they may be, and is the one who is told when
 * one has changed. Programs ask it by `get-secret`.
 */
export const openSecretsAgent = ({ name: socket, ask, now }: SecretsAgentOptions): SecretsAgent => {
  const kept = new Map<string, KeptSecret | null>();
  const followers = new Map<ServerResponse, string>();

  const keep = (name: string, secret: KeptSecret | null): void => {
    kept.delete(name);
    kept.set(name, secret);
    const [oldest] = kept.keys();
    if (kept.size > namesMax && oldest !== undefined) kept.delete(oldest);
  };
  const take = (name: string, answer: SecretAnswer): SecretOutcome => {
    const before = kept.get(name)?.version;
    const outcome = decideSecret(kept.get(name) ?? null, answer, now());
    keep(name, outcome.kept);
    if (outcome.answer.status !== 200 || outcome.kept?.version !== before) inform(name, outcome.answer);
    return outcome;
  };
  /** Whoever follows gets a line for every value, and for its end. */
  const inform = (name: string, answer: SecretOutcome["answer"]): void => {
    for (const [response, wanted] of followers)
      if (wanted === name) response.write(`${JSON.stringify({ name, ...answer })}\n`);
  };
  const find = async (name: string): Promise<SecretOutcome["answer"]> => {
    const known = kept.get(name) ?? null;
    if (isTrusted(known, now())) return { status: 200, value: known.value, version: known.version };
    return take(name, await ask(name)).answer;
  };

  const server = createServer(async (request, response) => {
    request.resume();
    const [, name, follows] = namePath.exec(request.url ?? "") ?? [];
    if (name === undefined) {
      response.writeHead(404).end('{"error":"Secret not found"}');
      return;
    }
    const answer = await find(name);
    const { status, ...body } = answer;
    if (follows === undefined || status !== 200) {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
      return;
    }
    response.writeHead(200, { "content-type": "application/x-ndjson" });
    response.write(`${JSON.stringify({ name, ...answer })}\n`);
    followers.set(response, name);
    response.on("close", () => followers.delete(response));
  });
  server.maxConnections = connectionsMax;
  server.on("clientError", (_, connection) => connection.destroy());
  const isListening = new Promise<void>((done) => {
    server.on("error", () => done());
    server.listen({ path: `\0${socket}` }, done);
  });

  return {
    isListening,
    tell: async ({ name, secretId, minVersion, current }) => {
      const known = kept.get(name);
      if (known === undefined) return { outcome: "unused", version: null };
      keep(name, withoutOlder(known, secretId, minVersion));
      const said = current === undefined ? await ask(name) : ({ kind: "value", secretId, ...current } as const);
      const { kept: after, isConfirmed, answer } = take(name, said);
      if ("error" in answer) return { outcome: after === null ? "dropped" : "failed", version: null };
      return isConfirmed ? { outcome: "acknowledged", version: answer.version } : { outcome: "failed", version: null };
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
