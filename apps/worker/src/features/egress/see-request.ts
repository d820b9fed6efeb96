import { EgressHost } from "@threadbox/contracts/egress";
import type { ThreadId } from "@threadbox/contracts/ids";
import { Effect, Schema } from "effect";
import { RefusedError, refuser } from "../../http/failure.ts";
import { secretsAt } from "./answerer.ts";
import { decideFor } from "./decide-for.ts";
import { handlePattern } from "./handles.ts";
import { impliedHandles, isGoodAt, knownHandles } from "./inject.ts";
import { decodeBasic, findHandles } from "./replace-handles.ts";

const unreachable = refuser({ Forbidden: "This address is not reachable from a sandbox." });
const misdirected = refuser({ Forbidden: "This credential may not be sent to this host." });
const isHost = Schema.is(EgressHost);

/** Whatever stands in these is somebody's credential, whoever wrote it there. */
const credentialHeader = /^(?:authorization|cookie)$|token|secret|key|passw|credential|signature/i;
const hidden = "••••••";

/**
 * A request as a person may see it before it leaves: the names of secrets, in angle quotes, stand where their handles do.
 * Refuses what would be refused if it left now.
 */
export const seeRequest = Effect.fn("seeRequest")(function* (
  request: Pick<Request, "url" | "headers">,
  threadId: ThreadId,
) {
  const { hostname: host, port, pathname, search } = new URL(request.url);
  if (!isHost(host) || port !== "") return yield* unreachable("Forbidden");
  const { answer } = yield* decideFor(host, threadId);
  if (answer.verdict === "deny") return yield* new RefusedError({ wireTag: "Forbidden", message: answer.reason });
  const known = yield* knownHandles(threadId, yield* secretsAt(host, threadId));
  const found = findHandles(request);
  if (!found.every((handle) => isGoodAt(host, known, handle))) return yield* misdirected("Forbidden");
  const implied = found.length === 0 ? impliedHandles(known, request) : [];
  const named = (text: string) =>
    text.replace(handlePattern, (handle) => `‹${known.get(handle)?.name ?? "another credential"}›`);
  const shown = (name: string, value: string): string => {
    if (decodeBasic(value) !== null) return `Basic ${hidden}`;
    if (!credentialHeader.test(name) || named(value) !== value) return named(value);
    const [, scheme = ""] = /^([A-Za-z][A-Za-z0-9-]* )/.exec(value) ?? [];
    return `${scheme}${hidden}`;
  };
  const secrets = [...found, ...implied].flatMap((handle) => known.get(handle)?.name ?? []);
  const headers = [...request.headers].map(([name, value]) => ({ name, value: shown(name, value) }));
  return { host, path: named(`${pathname}${search}`), headers, secrets: [...new Set(secrets)] };
});
