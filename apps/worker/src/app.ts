import { Clock, Effect } from "effect";
import manifest from "../package.json" with { type: "json" };
import { WorkerConfig } from "./config.ts";
import { changesRoutes } from "./features/changes/index.ts";
import { chatRoutes, modelChoiceRoutes, pointRoutes } from "./features/chat/index.ts";
import { codemodeRoutes } from "./features/codemode/index.ts";
import {
  egressRoutes,
  leaveContainer,
  networkRoutes,
  policyRoutes,
  userSecretRoutes,
} from "./features/egress/index.ts";
import { fileRoutes } from "./features/files/index.ts";
import { loginRoutes, modelKeyRoutes, openCodeLoginRoutes } from "./features/logins/index.ts";
import { modelRoutes } from "./features/models/index.ts";
import { processesRoutes } from "./features/processes/index.ts";
import { repositoryRoutes } from "./features/repositories/index.ts";
import { sandboxRoutes } from "./features/sandbox/index.ts";
import { sandboxApiRoutes } from "./features/sandbox-api/index.ts";
import { sandboxSecretRoutes, secretImportRoutes, secretRoutes } from "./features/secrets/index.ts";
import { terminalRoutes } from "./features/terminal/index.ts";
import { requireRecentAdmin, type UserDoor, userRoutes } from "./features/users/index.ts";
import { answerViewHost, viewLabelOf, viewRoutes } from "./features/views/index.ts";
import { failureResponse, internalFailure } from "./http/failure.ts";
import { jsonRoute, type Route } from "./http/route.ts";
import { makeRouter } from "./http/router.ts";
import { AuditTrail } from "./platform/audit.ts";
import { newRequestId } from "./platform/ids.ts";
import { logDefect } from "./platform/log.ts";
import { metricsRoute } from "./platform/metrics/route.ts";
import { makeWorkerRuntime, type WorkerServices } from "./runtime.ts";

const healthRoute = jsonRoute("health", "anyone", () =>
  Effect.map(Clock.currentTimeMillis, (now) => ({ status: "ok" as const, timestamp: new Date(now).toISOString() })),
);

/** What an operator looks at first. */
const adminHealthRoute: Route<UserDoor | WorkerConfig | AuditTrail> = jsonRoute(
  "adminHealth",
  "page",
  Effect.fn("readAdminHealth")(function* (routed) {
    yield* requireRecentAdmin(routed);
    const { sandboxes, model } = yield* WorkerConfig;
    const audit = yield* AuditTrail;
    return {
      version: manifest.version,
      sandboxProvider: sandboxes.provider,
      model: model === null ? ("demo" as const) : ("openai-compatible" as const),
      outbox: yield* audit.counts,
    };
  }),
);

interface App {
  readonly answer: (request: Request) => Promise<Response>;
  /** What a container of Cloudflare's sends out; `params`: what it was given at its start. */
  readonly leave: (request: Request, params: unknown) => Promise<Response>;
}

const makeApp = (env: Env): App => {
  const runtime = makeWorkerRuntime(env);
  const { appOrigin, viewBaseOrigin } = runtime.runSync(WorkerConfig);
  const routes: readonly Route<WorkerServices>[] = [
    healthRoute,
    adminHealthRoute,
    metricsRoute,
    ...userRoutes,
    ...modelRoutes,
    ...sandboxRoutes,
    ...fileRoutes,
    ...secretRoutes,
    ...sandboxSecretRoutes,
    ...secretImportRoutes,
    ...loginRoutes,
    ...modelKeyRoutes,
    ...openCodeLoginRoutes,
    ...egressRoutes,
    ...networkRoutes,
    ...policyRoutes,
    ...userSecretRoutes,
    ...codemodeRoutes,
    ...chatRoutes(env),
    ...modelChoiceRoutes,
    ...pointRoutes(env),
    ...terminalRoutes,
    ...changesRoutes,
    ...processesRoutes,
    ...repositoryRoutes,
    ...viewRoutes(env),
    // After the static paths below the same prefix.
    ...sandboxApiRoutes,
  ];
  const api = makeRouter({
    routes,
    appOrigin,
    run: (effect, signal) => runtime.runPromiseExit(effect, { signal }),
    now: Date.now,
    refused: (refusal) => runtime.runSync(AuditTrail.use((trail) => trail.refuse(refusal))),
  });
  return {
    answer: (request) => {
      const label = viewBaseOrigin === null ? null : viewLabelOf(new URL(request.url), viewBaseOrigin);
      if (label === null) return api(request);
      return runtime.runPromise(answerViewHost(request, label, newRequestId()), { signal: request.signal });
    },
    leave: (request, params) =>
      runtime.runPromise(leaveContainer(request, params, newRequestId()), { signal: request.signal }),
  };
};

/** One app per set of bindings: an isolate serves many requests, and decodes its configuration for the first. */
const apps = new WeakMap<Env, App>();

/** With a configuration that cannot be used, every answer is an internal error. */
const withApp = async (env: Env, use: (app: App) => Promise<Response>): Promise<Response> => {
  try {
    const app = apps.get(env) ?? makeApp(env);
    apps.set(env, app);
    return await use(app);
  } catch (cause) {
    const requestId = newRequestId();
    logDefect("worker.unusable", cause, { requestId });
    return failureResponse(internalFailure, requestId);
  }
};

/** Answers one request to the worker. */
export const handleRequest = (request: Request, env: Env): Promise<Response> =>
  withApp(env, ({ answer }) => answer(request));

/** Answers one request out of a container. */
export const handleOutbound = (request: Request, env: Env, params: unknown): Promise<Response> =>
  withApp(env, ({ leave }) => leave(request, params));
