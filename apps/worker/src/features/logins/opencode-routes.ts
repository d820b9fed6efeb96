import { AuthorizeProvider, headlessMethod, ProviderCallback } from "@threadbox/contracts/logins";
import { Effect } from "effect";
import { jsonBody, smallBody } from "../../http/json-body.ts";
import { jsonRoute, type Route } from "../../http/route.ts";
import { Sandboxes } from "../sandbox/index.ts";
import { authorizeThread, type ThreadDoor } from "../threads/index.ts";
import { loginRefused } from "./errors.ts";
import { Logins } from "./logins.ts";
import { authorizeInOpenCode, callbackInOpenCode } from "./opencode-login.ts";

type Services = ThreadDoor | Sandboxes | Logins;

const readAuthorize = jsonBody(AuthorizeProvider, "The body must say method.", smallBody);
const readCallback = jsonBody(ProviderCallback, "The body must say method, and may say code.", smallBody);

const requireHeadless = (method: number) =>
  method === headlessMethod ? Effect.void : Effect.fail(loginRefused("methodRefused"));

/** OpenCode's own login, by the thread's token: nothing reaches the sandbox before the token is good. */
export const openCodeLoginRoutes: readonly Route<Services>[] = [
  jsonRoute(
    "authorizeProvider",
    "page",
    Effect.fn("authorizeProvider")(function* (routed) {
      const { threadId, userId } = yield* authorizeThread(routed, "header");
      const { method } = yield* readAuthorize(routed);
      yield* requireHeadless(method);
      const logins = yield* Logins;
      yield* logins.begin(userId, threadId);
      const sandboxes = yield* Sandboxes;
      return yield* authorizeInOpenCode(yield* sandboxes.ensure(threadId));
    }),
  ),
  jsonRoute(
    "awaitProvider",
    "page",
    Effect.fn("awaitProvider")(function* (routed) {
      const { threadId } = yield* authorizeThread(routed, "header");
      const { method } = yield* readCallback(routed);
      yield* requireHeadless(method);
      const sandboxes = yield* Sandboxes;
      return yield* callbackInOpenCode(yield* sandboxes.ensure(threadId));
    }),
  ),
];
