import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import type { AdminKey } from "../auth/admin-key.ts";
import { Fault } from "../faults.ts";
import { notOverApi } from "../functions/system-queries.ts";
import type { ExecutionLog } from "./execution-log.ts";
import type { Exports } from "./exports.ts";

export interface AdminApiOptions {
  readonly admin: AdminKey;
  readonly executions: ExecutionLog;
  readonly exports: Exports;
  /** Where clients and HTTP actions reach the server. */
  readonly urls: { readonly convexCloudUrl: string; readonly convexSiteUrl: string };
}

/** A look at the log waits so long for something new; Convex's command line looks again. */
const waitMsMax = 10_000;

/** What Convex's command line asks beside functions. Only whoever has the admin key is let in. */
export const adminApi = ({ admin, executions, exports, urls }: AdminApiOptions): Hono<{ Bindings: HttpBindings }> =>
  new Hono<{ Bindings: HttpBindings }>()
    .use(async (context, next) => {
      if (admin.identifyHeader(context.req.header("authorization")) === null) {
        throw new Fault("Unauthenticated", "The Authorization header must be `Convex` and the admin key.");
      }
      await next();
    })
    .get("/stream_function_logs", async (context) => {
      const cursor = Number(context.req.query("cursor") ?? 0);
      const signal = AbortSignal.any([context.req.raw.signal, AbortSignal.timeout(waitMsMax)]);
      return context.json(await executions.after(Number.isFinite(cursor) ? cursor : 0, signal));
    })
    .get("/check_admin_key", (context) => context.json({ success: true }))
    .post("/update_environment_variables", () => {
      throw notOverApi(
        "Setting environment variables (set them where the server is started, and name them in CONVEX_FUNCTION_ENV)",
      );
    })
    .post("/export/request/zip", async (context) => {
      await exports.make(context.req.query("includeStorage") === "true");
      return context.json({});
    })
    .get("/export/zip/:timestamp", (context) => {
      const { timestamp } = context.req.param();
      const found = exports.read(timestamp);
      if (found === null) throw new Fault("NotFound", "There is no such export.");
      const headers = {
        "content-type": "application/zip",
        "content-length": String(found.size),
        "content-disposition": `attachment; filename=snapshot_${timestamp}.zip`,
      };
      return new Response(found.stream, { headers });
    })
    .post("/import/*", () => {
      throw notOverApi("An import (use its own: npm run import -- <file.zip>)");
    })
    .post("/perform_import", () => {
      throw notOverApi("An import (use its own: npm run import -- <file.zip>)");
    })
    .get("/v1/get_canonical_urls", (context) => context.json(urls))
    // All that is left is part of a push, or runs code that was pushed. Any other status would be asked for again and again.
    .all("/*", (context) =>
      context.json({ code: "Unsupported", message: notOverApi("A push (change the functions folder)").message }, 400),
    );
