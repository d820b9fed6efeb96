import { computerApi } from "@threadbox/contracts/computer-api";
import type { ThreadId } from "@threadbox/contracts/ids";
import { Effect } from "effect";
import { RequestRefusedError } from "../../http/failure.ts";
import { jsonRoute, type Route, type RouteRequest } from "../../http/route.ts";
import { Sandboxes } from "../sandbox/index.ts";
import { authorizeThread, type ThreadDoor } from "../threads/index.ts";
import { processesProgram, stopProgram } from "./processes-program.ts";
import { familiesOf, readProcesses } from "./read-processes.ts";
import { runningCommands } from "./running-commands.ts";

const look = Effect.fnUntraced(function* (threadId: ThreadId) {
  const sandbox = yield* Sandboxes.use((sandboxes) => sandboxes.peek(threadId));
  if (sandbox === null) return { sandbox, families: [] };
  return { sandbox, families: familiesOf(readProcesses(yield* sandbox.exec(processesProgram))) };
});

const list = Effect.fn("listProcesses")(function* (routed: RouteRequest) {
  const { threadId } = yield* authorizeThread(routed, "header");
  const { families } = yield* look(threadId);
  return { commands: runningCommands(families) };
});

const numberOf = (text: string | null | undefined) =>
  text != null && /^\d{1,15}$/.test(text)
    ? Effect.succeed(Number(text))
    : Effect.fail(new RequestRefusedError({ wireTag: "ValidationError", message: "The address must name a command." }));

/** Only what the list shows can be ended: neither OpenCode nor what keeps the sandbox. What has ended already is no error. */
const stop = Effect.fn("stopProcess")(function* (routed: RouteRequest) {
  const { threadId } = yield* authorizeThread(routed, "header");
  const pid = yield* numberOf(routed.params.pid);
  const startTicks = yield* numberOf(new URL(routed.request.url).searchParams.get("start"));
  const { sandbox, families } = yield* look(threadId);
  const named = families.find(({ head }) => head.pid === pid && head.startTicks === startTicks);
  if (sandbox !== null && named !== undefined) yield* sandbox.exec(stopProgram(named.members));
  return new Response(null, { status: 204 });
});

/** What runs in a thread's sandbox, for whoever holds the thread's token. */
export const processesRoutes: readonly Route<ThreadDoor | Sandboxes>[] = [
  jsonRoute("listProcesses", "page", list),
  { ...computerApi.stopProcess, audience: "page", handle: stop },
];
