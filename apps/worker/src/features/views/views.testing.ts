import { env } from "cloudflare:workers";
import { FileVersion } from "@threadbox/contracts/files";
import { Generation, type ThreadId, UserId } from "@threadbox/contracts/ids";
import { type MakePreviewLink, previewPage } from "@threadbox/contracts/preview-links";
import type { SandboxProjection } from "@threadbox/contracts/sandbox";
import { type ViewTarget, viewOrigin } from "@threadbox/contracts/views";
import { Effect, Layer, ManagedRuntime } from "effect";
import { TestClock } from "effect/testing";
import { WorkerConfig } from "../../config.ts";
import { AuditTrail } from "../../platform/audit.ts";
import { RateLimitedError } from "../../platform/rate-limited.ts";
import { RequestLimits } from "../../platform/request-limits.ts";
import { newThreadId } from "../../testing/tokens.testing.ts";
import { OpenCodePage, type PageAnswer, type PageRequest } from "../chat/index.ts";
import { SandboxInterruptedError, SandboxNotFoundError, SandboxUnavailableError } from "../sandbox/errors.ts";
import { type SandboxClient, Sandboxes, SandboxFiles, type WorkspaceFiles } from "../sandbox/index.ts";
import { testConfig } from "../sandbox/lifecycle.testing.ts";
import { ThreadAccess } from "../threads/index.ts";
import { ViewAuthority, viewAuthorityLayer } from "./authority.ts";
import { PreviewLinks, previewLinksLayer } from "./preview-links.ts";
import { answerViewHost } from "./view-host.ts";

/** The view domain of these tests. */
export const base = "http://sbx.threadbox.localhost:8787";

/** What stands behind the views of one test: a program in OpenCode's place, and who may what. */
export class World {
  readonly threadId: ThreadId = newThreadId();
  readonly userId = UserId.make(`user_of_${this.threadId}`);
  readonly asked: { readonly path: string; readonly init: RequestInit | undefined }[] = [];
  generation = Generation.make(1);
  isGranted = true;
  isLimited = false;
  isListening = true;
  status: SandboxProjection["status"] = "ready";
  readonly audited: string[] = [];
  /** What the thread was told, and what it answers. */
  readonly told: PageRequest[] = [];
  thread: (request: PageRequest) => PageAnswer = () => ({ kind: "unknown" });
  /** The program's end of the newest socket. */
  socketInside: WebSocket | null = null;
  /** Files of the workspace. */
  readonly documents = new Map<string, string>();
  readonly files: WorkspaceFiles = {
    read: (path) =>
      Effect.suspend(() => {
        const text = this.documents.get(path);
        if (text === undefined) return Effect.fail(new SandboxNotFoundError({ what: "The file" }));
        const bytes = new TextEncoder().encode(text);
        const version = FileVersion.make("v1");
        return Effect.succeed({ sizeBytes: bytes.length, version, stream: new Blob([bytes]).stream() });
      }),
    write: () => Effect.die("not used"),
    remove: () => Effect.die("not used"),
    move: () => Effect.die("not used"),
    makeFolder: () => Effect.die("not used"),
    list: () => Effect.die("not used"),
    exec: () => Effect.die("not used"),
    trial: () => Effect.die("not used"),
  };
  program: () => Response = () => new Response("hello", { headers: { "content-type": "text/plain" } });

  readonly #client: SandboxClient = {
    threadId: this.threadId,
    generation: this.generation,
    provider: "local",
    fetch: (path, init) =>
      Effect.sync(() => {
        this.asked.push({ path, init });
        return this.program();
      }),
    connect: () => Effect.die("not used"),
    fetchPort: (port, path, init) =>
      Effect.suspend(() => {
        this.asked.push({ path: `${port} ${path}`, init });
        return this.isListening
          ? Effect.succeed(this.program())
          : Effect.fail(new SandboxUnavailableError({ reason: "x", cause: "UpstreamError" }));
      }),
    connectPort: () =>
      Effect.sync(() => {
        const [ours, theirs] = Object.values(new WebSocketPair()) as [WebSocket, WebSocket];
        theirs.accept();
        this.socketInside = theirs;
        return ours;
      }),
    keyFor: () => Effect.die("not used"),
    exec: () => Effect.die("not used"),
    tellSecret: () => Effect.die("not used"),
    markActivity: () => Effect.void,
  };

  readonly #runtime = ManagedRuntime.make(
    viewAuthorityLayer(env).pipe(
      Layer.provideMerge(previewLinksLayer(env)),
      Layer.provideMerge(
        Layer.mergeAll(
          Layer.succeed(Sandboxes, {
            ensure: () => Effect.die("not used"),
            attach: (_, generation) =>
              generation === this.generation
                ? Effect.succeed(this.#client)
                : Effect.fail(new SandboxInterruptedError({ reason: "Replaced." })),
            peek: () => Effect.die("not used"),
            wake: () => Effect.die("not used"),
            isTrusted: () => Effect.die("not used"),
            setTrusted: () => Effect.die("not used"),
            giveUp: () => Effect.die("not used"),
            restart: () => Effect.die("not used"),
            restore: () => Effect.die("not used"),
            renew: () => Effect.die("not used"),
            beginFrom: () => Effect.die("not used"),
            find: () => Effect.sync(() => this.state()),
            isCurrent: () => Effect.die("not used"),
            markCopied: () => Effect.die("not used"),
            hearEnd: () => Effect.die("not used"),
            chooseProvider: () => Effect.die("not used"),
            providerOf: () => Effect.succeed(null),
            hearNap: () => Effect.die("not used"),
            reconsiderEgress: () => Effect.die("not used"),
          }),
          Layer.succeed(SandboxFiles, { open: () => Effect.succeed(this.files) }),
          Layer.succeed(ThreadAccess, {
            isGranted: () => Effect.sync(() => this.isGranted),
            ownerOf: () => Effect.die("not used"),
            mayOpenOpenCode: () => Effect.sync(() => this.isGranted),
          }),
        ),
      ),
      Layer.provideMerge(
        Layer.mergeAll(
          Layer.succeed(WorkerConfig, { ...testConfig(), viewBaseOrigin: base }),
          Layer.succeed(RequestLimits, {
            admit: (kind, subject) =>
              this.isLimited && (kind === "view" || kind === "visit")
                ? Effect.fail(new RateLimitedError({ retryAfterSeconds: 10, subject }))
                : Effect.void,
          }),
          Layer.succeed(OpenCodePage, {
            tell: (_, request) =>
              Effect.sync(() => {
                this.told.push(request);
                return this.thread(request);
              }),
          }),
          Layer.succeed(AuditTrail, {
            append: () => Effect.die("not used"),
            refuse: ({ tag }) => Effect.sync(() => void this.audited.push(tag)),
            setAside: () => Effect.die("not used"),
            counts: Effect.die("not used"),
          }),
          TestClock.layer(),
        ),
      ),
    ),
  );

  private state(): SandboxProjection {
    const { threadId, generation, status } = this;
    return { threadId, generation, status, provider: "local", reason: "", since: 0 };
  }

  issue(target: ViewTarget = "opencode") {
    const { threadId, userId, generation } = this;
    const wish = { threadId, userId, target, generation, path: "/b64/session/ses_1" } as const;
    return this.#runtime.runPromise(ViewAuthority.use((authority) => authority.issue(wish)));
  }

  ask(label: string, path: string, init: RequestInit = {}) {
    const request = new Request(`http://${label}.sbx.threadbox.localhost:8787${path}`, { redirect: "manual", ...init });
    return this.#runtime.runPromise(answerViewHost(request, label, "request-1"));
  }

  async redeem({ ticket, label }: { readonly ticket: string; readonly label: string }) {
    return this.ask(label, `${viewOrigin.openPath}?ticket=${ticket}`);
  }

  /** An open view: its label, and the headers with which its page asks. */
  async open(target: ViewTarget = "opencode") {
    const issued = await this.issue(target);
    const answer = await this.redeem(issued);
    const cookie = answer.headers.get("set-cookie")?.split(";")[0] ?? "";
    return { label: issued.label, headers: { cookie, "sec-fetch-site": "same-origin" } };
  }

  /** OpenCode's page posts there. */
  async post(path: string, body: unknown) {
    const { label, headers } = await this.open();
    const origin = `http://${label}.sbx.threadbox.localhost:8787`;
    return this.ask(label, path, { method: "POST", headers: { ...headers, origin }, body: JSON.stringify(body) });
  }

  pass(milliseconds: number) {
    return this.#runtime.runPromise(TestClock.adjust(milliseconds));
  }

  end() {
    return this.#runtime.runPromise(ViewAuthority.use((authority) => authority.end(this.userId)));
  }

  makeLink(port = 5173, lifetime: MakePreviewLink["lifetime"] = "hour") {
    return this.#runtime.runPromise(PreviewLinks.use((links) => links.make(this, { port, lifetime })));
  }

  listLinks(owner: Pick<World, "threadId" | "userId"> = this) {
    return this.#runtime.runPromise(PreviewLinks.use((links) => links.list(owner)));
  }

  revokeLink(id: string, owner: Pick<World, "threadId" | "userId"> = this) {
    return this.#runtime.runPromise(PreviewLinks.use((links) => links.revoke(owner, id)));
  }

  visitPage() {
    return this.#runtime.runPromise(answerViewHost(new Request(`${base}${previewPage.path}`), "", "request-1"));
  }

  /** What the visitor's page asks. */
  visit(path: string, body: unknown, headers: Record<string, string> = { origin: base }) {
    const request = new Request(`${base}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    return this.#runtime.runPromise(answerViewHost(request, "", "request-1"));
  }
}

/** The tag of a refusal. */
export const tagOf = async (response: Response) =>
  ((await response.json()) as { readonly error: { readonly _tag: string } }).error._tag;
