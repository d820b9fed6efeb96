import type { ThreadId } from "@threadbox/contracts/ids";
import { isBranchName } from "@threadbox/contracts/repository-url";
import type { SandboxProviderId } from "@threadbox/contracts/sandbox";
import { CreateSandbox, type SandboxCreated, sandboxApiLimits } from "@threadbox/contracts/sandbox-api";
import { Effect } from "effect";
import { RequestRefusedError, refuser } from "../../http/failure.ts";
import { jsonBody } from "../../http/json-body.ts";
import type { RouteRequest } from "../../http/route.ts";
import { ConvexClient } from "../../platform/convex-client.ts";
import { log } from "../../platform/log.ts";
import { cloneInto, requireRepository, settledClone } from "../repositories/index.ts";
import { ProviderChoice, Sandboxes, SandboxFiles } from "../sandbox/index.ts";
import { type Caller, requireCaller } from "./door.ts";
import { findNamed } from "./named.ts";
import { recorded } from "./recorded.ts";

const refused = refuser({
  Forbidden: "A user makes sandboxes for themselves alone.",
  Conflict: "A sandbox of another user has this id.",
  StoreUnavailable: "Can't look up the sandbox right now.",
  UpstreamError: "The repository couldn't be cloned. The sandbox runs, with an empty workspace.",
  UpstreamTimeout: "Cloning takes longer than a request may wait. It goes on in the sandbox.",
});

const words =
  "The body must say id (letters, digits, - and _, 128 at most, no reserved word and nothing like a thread's id), and may say userId, config, provider, useCase, gitUrl and gitBranch.";
const readBody = jsonBody(CreateSandbox, words, { bytesMax: sandboxApiLimits.createBytesMax });

const badBranch = () =>
  new RequestRefusedError({ wireTag: "ValidationError", message: "gitBranch must be the name of a branch or tag." });

const ownerFor = Effect.fnUntraced(function* (caller: Caller, userId: typeof CreateSandbox.Type.userId) {
  if (caller.kind === "service") {
    if (userId !== undefined) return userId;
    return yield* new RequestRefusedError({ wireTag: "ValidationError", message: "The body must say userId." });
  }
  if (userId !== undefined && userId !== caller.actorId) return yield* refused("Forbidden", { userId: caller.actorId });
  return caller.actorId;
});

/** S4.16: the repository is there before the answer. One that has been cloned there stays as it is. */
const fillSandbox = Effect.fnUntraced(function* (
  threadId: ThreadId,
  order: { readonly url: string; readonly branch: string | undefined },
) {
  const files = yield* SandboxFiles.use((sandboxes) => sandboxes.open(threadId));
  const known = yield* settledClone(files);
  if (known.status === "done") return;
  yield* cloneInto(files, order);
  const { status } = yield* settledClone(files);
  if (status === "running") return yield* refused("UpstreamTimeout");
  if (status !== "done") return yield* refused("UpstreamError");
});

/** What it is for says where it begins, and nothing of one that has begun. */
const placeSandbox = Effect.fnUntraced(function* (threadId: ThreadId, place: SandboxProviderId, isNamed: boolean) {
  const choose = Sandboxes.use((sandboxes) => sandboxes.chooseProvider(threadId, place));
  yield* isNamed ? choose : Effect.catchTag(choose, "VersionConflictError", () => Effect.void);
});

/** Makes a thread of that user under this name, or finds it, and has its sandbox running. */
export const createSandbox = Effect.fn("createSandbox")(function* (routed: RouteRequest) {
  const caller = yield* requireCaller(routed);
  const { id, userId, gitUrl = null, gitBranch, provider, useCase } = yield* readBody(routed);
  const ownerId = yield* ownerFor(caller, userId);
  const branch = gitBranch ?? undefined;
  if (branch !== undefined && !isBranchName(branch)) return yield* badBranch();
  if (gitUrl !== null) yield* requireRepository(gitUrl);
  const wish = { provider: provider ?? undefined, useCase: useCase ?? undefined };
  const isWished = wish.provider !== undefined || wish.useCase !== undefined;
  const place = isWished ? yield* ProviderChoice.use(({ select }) => select(wish)) : null;
  const convex = yield* ConvexClient;
  const isNew = yield* convex.mutation("threads:createNamed", { sandboxId: id, ownerId });
  const found = yield* findNamed(id);
  if (found === null) return yield* refused("StoreUnavailable");
  const { threadId } = found;
  if (found.ownerId !== ownerId) return yield* refused("Conflict", { userId: caller.actorId });
  log("sandbox.named", { threadId, isNew, by: caller.kind });
  const work = Effect.gen(function* () {
    if (place !== null) yield* placeSandbox(threadId, place, wish.provider !== undefined);
    if (gitUrl === null) yield* Sandboxes.use((sandboxes) => sandboxes.ensure(threadId));
    else yield* fillSandbox(threadId, { url: gitUrl, branch });
  });
  yield* recorded(work, { routed, caller, threadId, action: "sandbox.created" });
  return { success: true, sandboxId: id, status: "running" } satisfies SandboxCreated;
});
