import { ThreadId } from "@threadbox/contracts/ids";
import {
  CancelLogin,
  ChangeLogin,
  ChangeLogins,
  ConnectLogin,
  LoginId,
  type LoginList,
} from "@threadbox/contracts/logins";
import type { Viewer } from "@threadbox/contracts/viewer";
import { Effect, Schema } from "effect";
import { jsonBody, smallBody } from "../../http/json-body.ts";
import { jsonRoute, type Route, type RouteRequest } from "../../http/route.ts";
import { AuditTrail } from "../../platform/audit.ts";
import { ThreadAccess } from "../threads/index.ts";
import { requireUser, type UserDoor } from "../users/index.ts";
import { type LoginRefusedError, loginRefused } from "./errors.ts";
import { Logins } from "./logins.ts";

type Services = UserDoor | Logins | AuditTrail | ThreadAccess;

const decodeLoginId = Schema.decodeUnknownEffect(LoginId);
const loginIdOf = ({ params }: RouteRequest) =>
  Effect.mapError(decodeLoginId(params.loginId), () => loginRefused("notFound"));
const decodeThreadId = Schema.decodeUnknownEffect(ThreadId);

/** A thread of this user's. Whose it is is asked before anything of it is touched. */
export const ownThread = Effect.fnUntraced(function* (text: unknown, { userId }: Viewer) {
  const threadId = yield* Effect.mapError(decodeThreadId(text), () => loginRefused("noThread"));
  const access = yield* ThreadAccess;
  return (yield* access.isGranted(threadId, userId)) ? threadId : yield* loginRefused("noThread");
});

/** Something that a user did with their logins, written down. */
const audited = <E extends LoginRefusedError>(
  action: string,
  viewer: Viewer,
  { requestId }: RouteRequest,
  work: Effect.Effect<LoginList, E>,
) =>
  Effect.gen(function* () {
    const audit = yield* AuditTrail;
    const entry = { requestId, action, actorId: viewer.userId } as const;
    const list = yield* Effect.tapError(work, ({ message }) =>
      audit.append({ ...entry, outcome: "failed", reason: message }),
    );
    yield* audit.append({ ...entry, outcome: "succeeded" });
    return list;
  });

const readConnect = jsonBody(ConnectLogin, "The body must say threadId, and may say loginId.", smallBody);
const readCancel = jsonBody(CancelLogin, "The body must say flowId.", smallBody);
const readChange = jsonBody(ChangeLogin, "The body may say name and isDefault.", smallBody);
const readChanges = jsonBody(ChangeLogins, "The body must say isForNewThreads.", smallBody);

/** The revision that a caller has seen; null where the answer need not wait. */
export const seenIn = (query: URLSearchParams): number | null => {
  const seen = Number(query.get("seen") ?? Number.NaN);
  return Number.isSafeInteger(seen) ? seen : null;
};

/** What a user does with their logins. No answer holds a credential. */
export const loginRoutes: readonly Route<Services>[] = [
  jsonRoute(
    "listLogins",
    "page",
    Effect.fn("listLogins")(function* (routed) {
      const { userId } = yield* requireUser(routed);
      const logins = yield* Logins;
      return yield* logins.list(userId, seenIn(new URL(routed.request.url).searchParams));
    }),
  ),
  jsonRoute(
    "changeLogins",
    "page",
    Effect.fn("changeLogins")(function* (routed) {
      const { userId } = yield* requireUser(routed);
      const { isForNewThreads } = yield* readChanges(routed);
      const logins = yield* Logins;
      return yield* logins.allowNewThreads(userId, isForNewThreads);
    }),
  ),
  jsonRoute(
    "connectLogin",
    "page",
    Effect.fn("connectLogin")(function* (routed) {
      const viewer = yield* requireUser(routed);
      const wish = yield* readConnect(routed);
      yield* ownThread(wish.threadId, viewer);
      const logins = yield* Logins;
      return yield* audited("login.connecting", viewer, routed, logins.connect(viewer.userId, wish));
    }),
  ),
  jsonRoute(
    "cancelLogin",
    "page",
    Effect.fn("cancelLogin")(function* (routed) {
      const { userId } = yield* requireUser(routed);
      const { flowId } = yield* readCancel(routed);
      const logins = yield* Logins;
      return yield* logins.cancel(userId, flowId);
    }),
  ),
  jsonRoute(
    "changeLogin",
    "page",
    Effect.fn("changeLogin")(function* (routed) {
      const viewer = yield* requireUser(routed);
      const loginId = yield* loginIdOf(routed);
      const change = yield* readChange(routed);
      const logins = yield* Logins;
      const updated = logins.update(viewer.userId, loginId, change);
      if (change.isDefault === true) return yield* audited("login.defaulted", viewer, routed, updated);
      return yield* updated;
    }),
  ),
  jsonRoute(
    "testLogin",
    "page",
    Effect.fn("testLogin")(function* (routed) {
      const { userId } = yield* requireUser(routed);
      const loginId = yield* loginIdOf(routed);
      const logins = yield* Logins;
      return yield* logins.test(userId, loginId);
    }),
  ),
  jsonRoute(
    "disconnectLogin",
    "page",
    Effect.fn("disconnectLogin")(function* (routed) {
      const viewer = yield* requireUser(routed);
      const loginId = yield* loginIdOf(routed);
      const logins = yield* Logins;
      return yield* audited("login.disconnected", viewer, routed, logins.disconnect(viewer.userId, loginId));
    }),
  ),
];
