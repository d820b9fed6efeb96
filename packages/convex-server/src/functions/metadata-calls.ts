import type { JSONValue } from "convex/values";
import { unsupported } from "../faults.ts";
import { type CallArgs, functionHandle, functionPath } from "./call-args.ts";
import type { CallContext } from "./caller.ts";
import type { Registry } from "./registry.ts";

const unsupportedCalls: Readonly<Record<string, string>> = {
  "1.0/storageStore": "storage.store outside actions",
  "1.0/storageGet": "storage.get outside actions",
  "1.0/actions/vectorSearch": "vectorSearch outside actions",
  "1.0/signJwt": "auth.signJwt",
  "1.0/auditLog": "The audit log",
  "1.0/createServiceToken": "getServiceToken",
  "1.0/getServiceUrl": "getServiceUrl",
};

export interface CallSite {
  readonly path: string;
  readonly context: CallContext;
  readonly registry: Registry;
}

/** Answers the calls that every kind of function may make; throws a fault for those that nobody answers. */
export const metadataCall = ({ path, context, registry }: CallSite, op: string, args: CallArgs): JSONValue => {
  switch (op) {
    case "1.0/getUserIdentity":
      return context.identity?.attributes == null ? null : { ...context.identity.attributes };
    case "1.0/getFunctionMetadata":
      return { name: path, componentPath: "" };
    case "1.0/getDeploymentMetadata":
      return { name: "local-embedded", region: null, class: "s16" };
    case "1.0/getRequestMetadata":
      return {
        ip: context.ip,
        userAgent: context.userAgent,
        requestId: context.requestId,
        scheduledFunctionId: context.scheduledFunctionId,
        authToken: context.identity?.isAdmin ? null : (context.identity?.token ?? null),
      };
    case "1.0/createFunctionHandle":
      return functionHandle(registry.find(functionPath(args), "function").path);
    default:
      throw unsupported(unsupportedCalls[op] ?? `The system call ${op}`);
  }
};
