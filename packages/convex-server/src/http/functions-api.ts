import type { HttpBindings } from "@hono/node-server";
import type { JSONValue } from "convex/values";
import { Hono } from "hono";
import type { AdminKey } from "../auth/admin-key.ts";
import { Fault } from "../faults.ts";
import type { Answer } from "../functions/answers.ts";
import { callerOf } from "../functions/caller.ts";
import type { Deployment } from "../functions/deployment.ts";
import type { Runner } from "../functions/runner.ts";
import type { FunctionKind } from "../functions/runtime/messages.ts";
import type { Store } from "../storage/store.ts";
import { encodeTimestamp } from "../values/timestamp.ts";
import { callContext, type HttpContext, requestIdentity } from "./request-context.ts";

export interface FunctionsApiOptions {
  readonly runner: Runner;
  readonly store: Store;
  readonly deployment: () => Deployment;
  readonly admin: AdminKey;
}

/** Convex's own status for a function that failed, as opposed to a request that could not be made sense of. */
const functionFailedStatus = 560;

interface FunctionCall {
  readonly path: string;
  readonly args: JSONValue;
}

const decodeCall = async (context: HttpContext): Promise<FunctionCall> => {
  const body: unknown = await context.req.json().catch(() => null);
  if (typeof body !== "object" || body === null || !("path" in body) || typeof body.path !== "string") {
    throw new Fault("InvalidRequest", "The body must be JSON with a path.");
  }
  if ("componentPath" in body && body.componentPath) {
    throw new Fault("InvalidRequest", "Components are not supported by the embedded server.");
  }
  const { format = "json", args = {} } = body as { format?: unknown; args?: JSONValue };
  if (format !== "json" && format !== "convex_encoded_json") {
    throw new Fault("InvalidRequest", `Unknown format ${String(format)}.`);
  }
  return { path: body.path, args: Array.isArray(args) ? (args[0] ?? {}) : args };
};

const toResponse = (answer: Answer): Response => {
  const { logLines } = answer;
  if (answer.isSuccess) {
    const rest = JSON.stringify({ status: "success", logLines });
    return new Response(`${rest.slice(0, -1)},"value":${answer.value}}`, {
      headers: { "content-type": "application/json" },
    });
  }
  // Not the function's failure: whoever asks again later is answered.
  if (answer.fault.code === "DiskFull") throw answer.fault;
  const { message: errorMessage, data: errorData } = answer.failure;
  return Response.json({ status: "error", errorMessage, errorData, logLines }, { status: functionFailedStatus });
};

/** The routes of `ConvexHttpClient`. */
export const functionsApi = ({
  runner,
  store,
  deployment,
  admin,
}: FunctionsApiOptions): Hono<{ Bindings: HttpBindings }> => {
  const call = async (context: HttpContext, kind: FunctionKind | "any"): Promise<Response> => {
    const { auth, registry } = deployment();
    const identity = await requestIdentity(context, auth, admin);
    const { path, args } = await decodeCall(context);
    const request = { path, args, caller: callerOf(identity), context: callContext(context, identity) };
    return toResponse(await runner.run(kind === "any" ? registry.kindOf(path) : kind, request));
  };

  return new Hono<{ Bindings: HttpBindings }>()
    .post("/query", (context) => call(context, "query"))
    .post("/query_at_ts", (context) => call(context, "query"))
    .post("/query_ts", (context) => context.json({ ts: encodeTimestamp(store.latestTimestamp) }))
    .post("/mutation", (context) => call(context, "mutation"))
    .post("/action", (context) => call(context, "action"))
    .post("/function", (context) => call(context, "any"));
};
