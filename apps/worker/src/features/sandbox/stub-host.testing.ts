import { type ErrorTag, errorTable, wireErrorBody } from "@threadbox/contracts/errors";
import { absentFile } from "@threadbox/contracts/files";
import { openCodePort, openCodeUser } from "@threadbox/contracts/opencode";
import type { HostedPoint, SavePoint } from "@threadbox/contracts/points";
import { EnsureSandbox, type HostHealth, sandboxHostApi, type TrialRequest } from "@threadbox/contracts/sandbox-host";
import { Schema } from "effect";
import { Base64, Hex } from "effect/encoding";

const isEnsure = Schema.is(EnsureSandbox);

interface Hosted {
  generation: number;
  /** Set when it does not run any more. */
  end?: { readonly status: "stopped" | "failed"; readonly reason: string };
  endsAtNextUse?: boolean;
  nap?: "idle" | "memory";
  /** As `EnsureSandbox` brought it. */
  readonly request: Readonly<Record<string, unknown>>;
}

const asleep = { status: "stopped", reason: "Asleep: another thread needed the capacity." } as const;

const versionOf = async (bytes: Uint8Array): Promise<string> =>
  Hex.encode(new Uint8Array(await crypto.subtle.digest("SHA-1", new Uint8Array(bytes))));

/** A refusal of the host's own. */
export const refuse = (tag: ErrorTag, message = "Refused.", more: Readonly<Record<string, string>> = {}) => {
  const headers = { ...more, [sandboxHostApi.refusalHeader]: "1" };
  return Response.json(wireErrorBody(tag, message, "stub"), { status: errorTable[tag].status, headers });
};

/** As the host hands on what a program answered. */
const passOn = (answer: Response): Response => {
  if (!answer.headers.has(sandboxHostApi.refusalHeader)) return answer;
  const passed = new Response(answer.body, answer);
  passed.headers.delete(sandboxHostApi.refusalHeader);
  return passed;
};

/** As OpenCode asks everybody for the password of its start. */
export const asksForPassword: StubSandboxHost["opens"] = ({ headers }, { openCodePassword }) =>
  headers.get(sandboxHostApi.forwardedAuthorizationHeader) === `Basic ${btoa(`${openCodeUser}:${openCodePassword}`)}`;

/** Speaks the control channel of `packages/contracts/src/sandbox-host.ts` from memory, without any process. */
export class StubSandboxHost {
  readonly sandboxes = new Map<string, Hosted>();
  readonly workspaces = new Map<string, Map<string, Uint8Array>>();
  /** The last generation of each, remembered beyond its end. */
  readonly #generations = new Map<string, number>();
  /** Every request, in order, as it arrived. */
  readonly requests: Request[] = [];
  /** Answers instead of the stub while it is set. */
  override: ((request: Request) => Response | null | Promise<Response | null>) | null = null;
  /** What it keeps of each, to be restored. */
  readonly points = new Map<string, readonly HostedPoint[]>();
  /** What else it answers to a save. */
  savedWith: { readonly warning?: string; readonly isDiskFull?: boolean } = {};
  /** What it answers when OpenCode may be started anew. */
  openCode = { isRecycled: false, memoryMib: 300 };
  /** Whether its starts are met by sandboxes of beforehand; undefined: it keeps none. */
  wasWarm: boolean | undefined;
  /** Those for which there is no place. */
  readonly withoutPlace = new Set<string>();
  health: HostHealth = {
    status: "ok",
    engine: "local",
    engines: { local: { available: true }, docker: { available: true } },
  };
  /** The program behind every port. */
  program: (request: Request, generation: number) => Response | Promise<Response> = (request, generation) =>
    Response.json({ path: new URL(request.url).pathname, generation });
  readonly token: string;

  constructor(token: string) {
    this.token = token;
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const request = new Request(input as Request, init as RequestInit);
    this.requests.push(request);
    const overridden = await this.override?.(request);
    if (overridden) return overridden;
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/v1/health") return Response.json(this.health);
    if (request.headers.get("authorization") !== `Bearer ${this.token}`) return refuse("TokenInvalid");
    if (pathname === "/v1/egress/reconsider") return Response.json({ sandboxes: 1, connectionsEnded: 0 });
    const [, name = "", rest = ""] = /^\/v1\/sandboxes\/([0-9a-f]{32})(?:\/(.*))?$/.exec(pathname) ?? [];
    if (name === "") return refuse("NotFound");
    if (rest === "") return this.#sandbox(name, request, searchParams);
    const hosted = this.sandboxes.get(name);
    if (rest === "snapshots" && request.method === "GET") return Response.json({ points: this.points.get(name) ?? [] });
    if (/^snapshots\/[0-9a-z]+\/changes$/.test(rest))
      return Response.json({ back: 1, changed: 0, gone: 0, rows: [{ path: "a", change: "back" }], isCut: false });
    if (rest === "snapshots") {
      if (!this.workspaces.has(name)) return refuse("NotFound");
      this.#keep(name, (await request.json()) as SavePoint);
      return Response.json({ id: "5af3", at: 1_000, bytes: 2_000, ...this.savedWith });
    }
    if (hosted?.endsAtNextUse) hosted.end = asleep;
    if (hosted === undefined || hosted.end !== undefined)
      return rest.startsWith("ports/") ? refuse("SandboxInterrupted") : refuse("NotFound");
    if (rest === "opencode") return Response.json(this.openCode);
    if (rest === "exec") return this.#exec(request);
    if (rest === "trials") return this.#trial(name, request);
    if (rest === "moves" || rest === "folders") return this.#change(name, rest, request, searchParams);
    if (rest === "files" || rest === "entries") return this.#files(name, rest, request, searchParams.get("path") ?? "");
    const wanted = request.headers.get("x-sandbox-generation");
    if (wanted !== null && Number(wanted) !== hosted.generation) return refuse("SandboxInterrupted");
    if (rest.startsWith(`ports/${openCodePort}/`) && !this.opens(request, hosted.request))
      return new Response(null, { status: 401 });
    return passOn(await this.program(request, hosted.generation));
  };

  #keep(name: string, point: SavePoint): void {
    const kept = this.points.get(name) ?? [];
    const id = String(kept.length + 1).padStart(64, "0");
    this.points.set(name, [{ ...point, id, at: Date.now(), bytes: 1_000 }, ...kept]);
  }

  /** Whether OpenCode of that start takes this request. */
  opens: (request: Request, start: Readonly<Record<string, unknown>>) => boolean = () => true;

  /** What a host does when it needs the places of its sandboxes for others. */
  putToSleep(): void {
    for (const hosted of this.sandboxes.values()) hosted.end = asleep;
  }

  /** The same for one sandbox, between its being found and its being used. */
  putToSleepAtNextUse(name: string): void {
    const hosted = this.sandboxes.get(name);
    if (hosted !== undefined) hosted.endsAtNextUse = true;
  }

  async #sandbox(name: string, request: Request, query: URLSearchParams): Promise<Response> {
    const hosted = this.sandboxes.get(name);
    const describe = (generation: number) => {
      const state = this.sandboxes.get(name)?.end ?? { status: "ready", reason: "OpenCode is ready." };
      const nap = this.sandboxes.get(name)?.nap;
      const warmth = this.wasWarm === undefined ? {} : { wasWarm: this.wasWarm };
      const rest = nap === undefined ? {} : { nap };
      return Response.json({ name, generation, ...state, startedInMs: 1200, ...warmth, ...rest });
    };
    if (request.method === "GET") return hosted === undefined ? refuse("NotFound") : describe(hosted.generation);
    if (request.method === "DELETE") {
      this.sandboxes.delete(name);
      if (query.get("keepWorkspace") !== "true") this.workspaces.delete(name);
      return hosted === undefined ? refuse("NotFound") : new Response(null, { status: 204 });
    }
    if (this.withoutPlace.has(name)) return refuse("SandboxStarting", "All places are in use.", { "retry-after": "5" });
    const ensure = (await request.json()) as Record<string, unknown>;
    if (!isEnsure(ensure)) return refuse("ValidationError", "The request is not acceptable.");
    const generation = Number(ensure.generation);
    const last = this.#generations.get(name) ?? 0;
    if (generation < last) return refuse("Conflict");
    this.#generations.set(name, generation);
    const { origin } = ensure;
    if (
      origin !== undefined &&
      !this.points.has(name) &&
      !this.points.get(origin.name)?.some(({ id }) => id === origin.id)
    )
      return refuse("StoreUnavailable", "The point that this thread begins with isn't kept any more.");
    const restored = ensure.restore;
    if (restored !== undefined && (hosted === undefined || hosted.generation < generation)) {
      if (!this.points.get(name)?.some(({ id }) => id === restored.id)) return refuse("QuotaExceeded", "No room.");
      this.#keep(name, { cause: "restore", ...(restored.after === undefined ? {} : { after: restored.after }) });
    }
    if (hosted === undefined || hosted.generation < generation)
      this.sandboxes.set(name, { generation, request: ensure });
    if (!this.workspaces.has(name)) this.workspaces.set(name, new Map());
    return describe(this.sandboxes.get(name)?.generation ?? generation);
  }

  async #exec(request: Request): Promise<Response> {
    const { argv, stdin = "" } = (await request.json()) as { argv: string[]; stdin?: string };
    const [program, ...args] = argv;
    const stdout = program === "echo" ? `${args.join(" ")}\n` : program === "cat" ? stdin : "";
    const exitCode = program === "false" ? 1 : 0;
    return Response.json({ exitCode, stdout, stderr: "", isTruncated: false, isTimedOut: false, durationMs: 1 });
  }

  /** Knows the commands `write PATH TEXT`, `remove PATH` and `link PATH`, and prints the files of the copy. */
  async #trial(name: string, request: Request): Promise<Response> {
    const real = this.workspaces.get(name) ?? new Map<string, Uint8Array>();
    const { exec, files } = (await request.json()) as TrialRequest;
    const copy = new Map([...real].map(([path, bytes]) => [path, Base64.encode(bytes)]));
    const put = (path: string, content: string | null) =>
      content === null ? copy.delete(path) : copy.set(path, content);
    for (const { path, content } of files) put(path, content);
    const [what = "", path = "", ...words] = exec.argv.at(-1)?.split(" ") ?? [];
    if (what === "write") put(path, Base64.encode(words.join(" ")));
    if (what === "remove") put(path, null);
    const changes = [...new Set([...copy.keys(), ...real.keys()])].flatMap((each) => {
      const [before, after] = [real.get(each), copy.get(each) ?? null];
      const isSame = before === undefined ? after === null : Base64.encode(before) === after;
      return isSame ? [] : [{ path: each, content: after }];
    });
    const result = {
      exitCode: 0,
      stdout: [...copy.keys()].join(" "),
      stderr: "",
      isTruncated: false,
      isTimedOut: false,
    };
    return Response.json({
      result: { ...result, durationMs: 1 },
      changes,
      unshown: what === "link" ? [`${path} (a link or a special file)`] : [],
    });
  }

  async #change(name: string, kind: string, request: Request, query: URLSearchParams): Promise<Response> {
    const files = this.workspaces.get(name) ?? new Map<string, Uint8Array>();
    const move = kind === "moves" ? ((await request.json()) as { from: string; to: string }) : null;
    const to = move?.to ?? query.get("path") ?? "";
    const folder = `${to}/`;
    if (`${move?.from ?? ""}${to}`.includes("..")) return refuse("PathRejected");
    if (files.has(to) || files.has(folder)) return refuse("VersionConflict");
    const bytes = move === null ? new Uint8Array() : files.get(move.from);
    if (bytes === undefined) return refuse("NotFound");
    if (move !== null) files.delete(move.from);
    files.set(move === null ? folder : to, bytes);
    return new Response(null, { status: 204 });
  }

  async #files(name: string, kind: string, request: Request, path: string): Promise<Response> {
    const files = this.workspaces.get(name) ?? new Map<string, Uint8Array>();
    if (path.includes("..")) return refuse("PathRejected");
    if (kind === "entries") {
      const entries = [...files].map(([file, bytes]) => ({
        name: file,
        kind: "file",
        sizeBytes: bytes.length,
        modifiedAt: 0,
      }));
      return Response.json({ entries });
    }
    if (request.method === "PUT") {
      const expected = request.headers.get(sandboxHostApi.fileVersionHeader);
      const existing = files.get(path);
      const version = existing === undefined ? absentFile : await versionOf(existing);
      if (expected !== null && expected !== version) return refuse("VersionConflict");
      files.set(path, new Uint8Array(await request.arrayBuffer()));
    }
    const bytes = files.get(path);
    if (bytes === undefined) return refuse("NotFound");
    if (request.method === "DELETE") files.delete(path);
    const headers = {
      [sandboxHostApi.fileVersionHeader]: await versionOf(bytes),
      ...(request.method === "GET" ? { "content-length": String(bytes.length) } : {}),
    };
    return request.method === "GET" ? new Response(bytes, { headers }) : new Response(null, { status: 204, headers });
  }
}
