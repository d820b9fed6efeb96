import { computerApi } from "@threadbox/contracts/computer-api";
import { type Generation, TerminalId, type ThreadId } from "@threadbox/contracts/ids";
import { RenameTerminal, terminalPositionParameter } from "@threadbox/contracts/terminal";
import { terminalLimits } from "@threadbox/contracts/terminal-limits";
import { Effect, Schema } from "effect";
import { readBytes } from "../../http/body.ts";
import { RequestRefusedError } from "../../http/failure.ts";
import { jsonRoute, type Route, type RouteRequest } from "../../http/route.ts";
import { AuditTrail } from "../../platform/audit.ts";
import { Sandboxes } from "../sandbox/index.ts";
import { type AuthorizedThread, authorizeThread, ThreadAccess, type ThreadDoor } from "../threads/index.ts";
import { TerminalGoneError, TerminalsFullError } from "./errors.ts";
import { makePtys } from "./pty.ts";
import { openTerminalSocket, type Right } from "./socket.ts";
import { nextTitle } from "./title.ts";

const bodyBytesMax = 1024;
const decodeRename = Schema.decodeUnknownEffect(Schema.fromJsonString(RenameTerminal));
const decodeId = Schema.decodeUnknownEffect(TerminalId);

const readTitle = Effect.fnUntraced(
  function* (request: Request) {
    const bytes = yield* Effect.tryPromise(() => readBytes(request, bodyBytesMax));
    return (yield* decodeRename(new TextDecoder().decode(bytes ?? new Uint8Array()))).title.trim();
  },
  Effect.filterOrFail(
    (title) => title !== "",
    () => null,
  ),
  Effect.mapError(
    () =>
      new RequestRefusedError({
        wireTag: "ValidationError",
        message: `A name has 1 to ${terminalLimits.titleLengthMax} characters.`,
      }),
  ),
);

const terminalId = ({ params }: RouteRequest) =>
  Effect.mapError(decodeId(params.terminalId), () => new TerminalGoneError());

/** The sandbox that runs, if one does; none is started for a look. */
const findRunning = Effect.fnUntraced(function* (threadId: ThreadId) {
  const sandboxes = yield* Sandboxes;
  const found = yield* sandboxes.find(threadId);
  if (found === null) return null;
  return yield* Effect.catchTag(sandboxes.attach(threadId, found.generation), "SandboxInterruptedError", () =>
    Effect.succeed(null),
  );
});

/** The terminals of the sandbox that runs. */
const requireRunning = Effect.fnUntraced(function* (threadId: ThreadId) {
  const sandbox = yield* findRunning(threadId);
  return sandbox === null ? yield* new TerminalGoneError() : sandbox;
});

/** Whether the page may go on. While somebody cannot be asked, it may. */
const rightOf = Effect.fnUntraced(
  function* ({ threadId, userId }: AuthorizedThread, generation: Generation) {
    const access = yield* ThreadAccess;
    if (!(yield* access.isGranted(threadId, userId))) return "lost" satisfies Right;
    const sandbox = yield* Sandboxes.use((sandboxes) => sandboxes.peek(threadId));
    return sandbox?.generation === generation ? ("holds" satisfies Right) : ("sandboxEnded" satisfies Right);
  },
  Effect.catch(() => Effect.succeed<Right>("holds")),
);

type TerminalServices = ThreadDoor | Sandboxes | AuditTrail;

const list = Effect.fn("listTerminals")(function* (routed: RouteRequest) {
  const { threadId } = yield* authorizeThread(routed, "header");
  // The page asks every few seconds: that is a look, and no use.
  const sandbox = yield* Sandboxes.use((sandboxes) => sandboxes.peek(threadId));
  const terminals = sandbox === null ? [] : yield* makePtys(sandbox).list;
  return { terminals };
});

const open = Effect.fn("openTerminal")(function* (routed: RouteRequest) {
  const { threadId, userId } = yield* authorizeThread(routed, "header");
  const sandboxes = yield* Sandboxes;
  const audit = yield* AuditTrail;
  const ptys = makePtys(yield* sandboxes.ensure(threadId));
  const running = (yield* ptys.list).filter(({ status }) => status === "running");
  if (running.length >= terminalLimits.runningMax) return yield* new TerminalsFullError();
  const terminal = yield* ptys.create(nextTitle(running.map(({ title }) => title)));
  const { requestId } = routed;
  yield* audit.append({ requestId, action: "terminal.opened", actorId: userId, threadId, outcome: "succeeded" });
  return terminal;
});

const rename = Effect.fn("renameTerminal")(function* (routed: RouteRequest) {
  const { threadId } = yield* authorizeThread(routed, "header");
  const id = yield* terminalId(routed);
  const title = yield* readTitle(routed.request);
  return yield* makePtys(yield* requireRunning(threadId)).rename(id, title);
});

/** One that is not there is closed already. */
const close = Effect.fn("closeTerminal")(function* (routed: RouteRequest) {
  const { threadId } = yield* authorizeThread(routed, "header");
  const id = yield* terminalId(routed);
  const sandbox = yield* findRunning(threadId);
  if (sandbox !== null) yield* Effect.catchTag(makePtys(sandbox).remove(id), "TerminalGoneError", () => Effect.void);
  return new Response(null, { status: 204 });
});

const join = Effect.fn("joinTerminal")(function* (routed: RouteRequest) {
  const thread = yield* authorizeThread(routed, "query");
  if (routed.request.headers.get("upgrade")?.toLowerCase() !== "websocket") {
    return yield* new RequestRefusedError({ wireTag: "NotFound", message: "There is nothing at this address." });
  }
  const id = yield* terminalId(routed);
  const sandbox = yield* requireRunning(thread.threadId);
  const services = yield* Effect.context<ThreadAccess | Sandboxes>();
  const asked = new URL(routed.request.url).searchParams.get(terminalPositionParameter) ?? "";
  return yield* openTerminalSocket({
    ptys: makePtys(sandbox),
    id,
    position: /^\d{1,15}$/.test(asked) ? Number(asked) : 0,
    right: Effect.provideContext(rightOf(thread, sandbox.generation), services),
    use: Effect.provideContext(
      Sandboxes.use((sandboxes) => sandboxes.attach(thread.threadId, sandbox.generation)),
      services,
    ),
  });
});

/** Shells in a thread's sandbox. A terminal's socket carries the token in the query: a socket cannot elsewhere. */
export const terminalRoutes: readonly Route<TerminalServices>[] = [
  jsonRoute("listTerminals", "page", list),
  jsonRoute("openTerminal", "page", open),
  jsonRoute("renameTerminal", "page", rename),
  { ...computerApi.closeTerminal, audience: "page", handle: close },
  { ...computerApi.joinTerminal, audience: "page", handle: join },
];
