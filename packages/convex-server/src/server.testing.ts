import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ConvexClient, ConvexHttpClient } from "convex/browser";
import type { FunctionReference, FunctionReturnType, OptionalRestArgs } from "convex/server";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { pino } from "pino";
import { type RunningServer, type ServerOptions, startServer } from "./server.ts";

export const fixtureFolder = join(import.meta.dirname, "../fixture");
export const testOrigin = "http://app.test";
const issuer = "https://issuer.test";

/** Where npm put this workspace's packages. */
const nodeModules = join(dirname(fileURLToPath(import.meta.resolve("convex/server"))), "../../../..");

const keys = await generateKeyPair("ES256", { extractable: true });
const jwk = { ...(await exportJWK(keys.publicKey)), kid: "test", alg: "ES256", use: "sig" };

/** The public keys of `signToken`, as a provider serves them. */
export const publicKeys = JSON.stringify({ keys: [jwk] });

/** What the fixture's auth.config.ts reads. */
export const authEnv = {
  TEST_ISSUER: issuer,
  TEST_JWKS: `data:application/json;base64,${Buffer.from(publicKeys).toString("base64")}`,
};

export interface TokenOptions {
  readonly subject?: string;
  readonly audience?: string;
  readonly lifetimeSeconds?: number;
  readonly claims?: Record<string, unknown>;
  /** Milliseconds since 1970. */
  readonly issuedAt?: number;
}

/** A token that the fixture's auth.config.ts accepts, unless told otherwise. */
export const signToken = (options: TokenOptions = {}): Promise<string> => {
  const { subject = "ada", audience = "fixture", lifetimeSeconds = 3600, claims = {} } = options;
  const issuedAt = Math.floor((options.issuedAt ?? Date.now()) / 1000);
  return new SignJWT(claims)
    .setProtectedHeader({ alg: "ES256", kid: "test" })
    .setIssuer(issuer)
    .setSubject(subject)
    .setAudience(audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + lifetimeSeconds)
    .sign(keys.privateKey);
};

export interface Fixture {
  readonly url: string;
  readonly server: RunningServer;
  readonly stateFolder: string;
  /** What the server was started with. */
  readonly options: ServerOptions;
  client(): ConvexClient;
  http(): ConvexHttpClient;
  /** Stops the server, does what is to be done meanwhile, and starts it again on the same state and, if asked, on the same port. */
  restart(port?: number, meanwhile?: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

const silent = pino({ level: "silent" });

export const connect = (url: string): ConvexClient => new ConvexClient(url, { logger: false });

/** A server on the fixture functions with state of its own. */
export const startFixture = async (overrides: Partial<ServerOptions> = {}): Promise<Fixture> => {
  const stateFolder = mkdtempSync(join(tmpdir(), "convex-state-"));
  const clients: ConvexClient[] = [];
  const options: ServerOptions = {
    port: 0,
    functionsFolder: fixtureFolder,
    stateFolder,
    appOrigin: testOrigin,
    functionEnv: authEnv,
    isDevelopment: false,
    transactionTimeoutMs: 60_000,
    log: silent,
    ...overrides,
  };
  const start = (port: number): Promise<RunningServer> => startServer({ ...options, port });
  let server = await start(0);
  return {
    get url() {
      return server.url;
    },
    get server() {
      return server;
    },
    stateFolder,
    options,
    client() {
      const client = connect(server.url);
      clients.push(client);
      return client;
    },
    http: () => new ConvexHttpClient(server.url, { logger: false }),
    async restart(port = 0, meanwhile = async () => undefined) {
      await server.close();
      await meanwhile();
      server = await start(port);
    },
    async close() {
      await Promise.all(clients.map((client) => client.close()));
      await server.close();
      rmSync(stateFolder, { recursive: true });
    },
  };
};

/** A copy of the fixture functions that a test may change. */
export const copyFixture = (): { folder: string; remove(): void } => {
  const root = mkdtempSync(join(tmpdir(), "convex-functions-"));
  symlinkSync(nodeModules, join(root, "node_modules"));
  const folder = join(root, "convex");
  cpSync(fixtureFolder, folder, { recursive: true });
  return { folder, remove: () => rmSync(root, { recursive: true }) };
};

/** Everything that a subscription has shown, and a way to wait for what it will show. */
export class Watch<Value> {
  readonly values: Value[] = [];
  readonly errors: Error[] = [];
  #waiting: { readonly isMet: () => boolean; readonly resolve: () => void }[] = [];
  readonly stop: () => void;

  constructor(subscribe: (onValue: (value: Value) => void, onError: (error: Error) => void) => () => void) {
    this.stop = subscribe(
      (value) => {
        this.values.push(value);
        this.#settle();
      },
      (error) => {
        this.errors.push(error);
        this.#settle();
      },
    );
  }

  get last(): Value | undefined {
    return this.values.at(-1);
  }

  /** Resolves when the last value passes, now or later. */
  async until(passes: (value: Value) => boolean): Promise<Value> {
    await this.#wait(() => this.values.length > 0 && passes(this.values.at(-1) as Value));
    return this.values.at(-1) as Value;
  }

  async untilError(): Promise<Error> {
    await this.#wait(() => this.errors.length > 0);
    return this.errors[0] as Error;
  }

  #wait(isMet: () => boolean): Promise<void> {
    if (isMet()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ isMet, resolve }));
  }

  #settle(): void {
    const met = this.#waiting.filter(({ isMet }) => isMet());
    this.#waiting = this.#waiting.filter((waiting) => !met.includes(waiting));
    for (const { resolve } of met) resolve();
  }
}

export const watch = <Query extends FunctionReference<"query">>(
  client: ConvexClient,
  query: Query,
  ...[args]: OptionalRestArgs<Query>
): Watch<FunctionReturnType<Query>> =>
  new Watch((onValue, onError) => client.onUpdate(query, args ?? {}, onValue, onError));
