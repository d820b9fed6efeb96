import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";
import type { Logger } from "pino";
import { type AdminApiOptions, adminApi } from "../admin/admin-api.ts";
import type { ExecutionLog } from "../admin/execution-log.ts";
import type { Exports } from "../admin/exports.ts";
import type { AdminKey } from "../auth/admin-key.ts";
import { Fault, type FaultCode } from "../faults.ts";
import { filesPath } from "../files/file-links.ts";
import type { Files } from "../files/files.ts";
import type { Deployment } from "../functions/deployment.ts";
import type { Runner } from "../functions/runner.ts";
import { type MetricsOptions, metricsRoute } from "../metrics/metrics-route.ts";
import type { Store } from "../storage/store.ts";
import { filesApi } from "./files-api.ts";
import { functionsApi } from "./functions-api.ts";
import { httpActions, httpActionsPath } from "./http-actions.ts";

export interface AppOptions {
  readonly appOrigin: string;
  readonly runner: Runner;
  readonly store: Store;
  readonly deployment: () => Deployment;
  readonly files: Files;
  readonly log: Logger;
  readonly now: () => number;
  readonly admin: AdminKey;
  readonly executions: ExecutionLog;
  readonly exports: Exports;
  readonly metrics: MetricsOptions;
  readonly urls: AdminApiOptions["urls"];
}

const bodySizeMax = 20 << 20;

const statusOf = (code: FaultCode): 400 | 401 | 403 | 501 | 503 => {
  if (code === "BadAdminKey") return 403;
  if (code === "Unsupported") return 501;
  if (code === "AuthUnavailable" || code === "DiskFull") return 503;
  return code === "Unauthenticated" ? 401 : 400;
};

/** A token that is refused says why in Convex's own words. */
const wireCodeOf = ({ code, data }: Fault): string => {
  const named = code === "Unauthenticated" ? Reflect.get(Object(data), "code") : undefined;
  return typeof named === "string" ? named : code;
};

/** Every HTTP route of the server; the WebSocket is served beside it. */
export const createApp = (options: AppOptions): Hono<{ Bindings: HttpBindings }> => {
  const { appOrigin, runner, store, deployment, files, log, now, admin, executions } = options;
  const app = new Hono<{ Bindings: HttpBindings }>();

  app.get("/health", (context) => {
    const tables = [...store.catalog.tables()].filter(({ name }) => !name.startsWith("_")).length;
    return context.json({ status: "ok", tables, functions: deployment().registry.size });
  });
  app.get("/version", (context) => context.text("embedded"));

  app.get("/metrics", metricsRoute(options.metrics));

  app.use("/api/*", async (context, next) => {
    const origin = context.req.header("origin");
    if (origin !== undefined && origin !== appOrigin) {
      return context.json({ code: "OriginRejected", message: "This origin is not allowed." }, 403);
    }
    return next();
  });
  app.use(
    "/api/*",
    cors({
      origin: appOrigin,
      allowMethods: ["GET", "POST", "OPTIONS"],
      allowHeaders: ["authorization", "content-type", "convex-client", "digest", "range"],
      maxAge: 86_400,
    }),
  );
  // Files have a bound of their own.
  app.route(filesPath, filesApi({ files, runner, store, now }));
  const tooLarge = bodyLimit({
    maxSize: bodySizeMax,
    onError: (context) => context.json({ code: "BodyTooLarge", message: "The request body is too large." }, 413),
  });
  app.use("/api/*", tooLarge);
  app.use(`${httpActionsPath}/*`, tooLarge);

  app.route("/api", functionsApi({ runner, store, deployment, admin }));
  app.route("/api", adminApi({ admin, executions, exports: options.exports, urls: options.urls }));
  app.all(`${httpActionsPath}/*`, httpActions({ runner, deployment, admin }));

  app.onError((thrown, context) => {
    if (thrown instanceof Fault) {
      if (thrown.code === "AuthUnavailable") log.error(thrown.message);
      return context.json({ code: wireCodeOf(thrown), message: thrown.message }, statusOf(thrown.code));
    }
    // Whoever left in the middle of a body reads no answer, and nothing of ours has failed.
    if (context.env.incoming.destroyed && !context.env.incoming.complete) return context.body(null, 400);
    log.error({ err: thrown, path: context.req.path }, "a request failed");
    return context.json({ code: "InternalServerError", message: "Internal error of the embedded server." }, 500);
  });
  return app;
};
