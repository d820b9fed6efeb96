import type { JSONValue } from "convex/values";
import type { CronSchedule } from "../../scheduler/cron-schedule.ts";

/** The parts of the client library's registered functions that the server relies on. */
export interface RegisteredFunction {
  readonly isQuery?: true;
  readonly isMutation?: true;
  readonly isAction?: true;
  readonly isPublic?: true;
  readonly isInternal?: true;
  readonly exportArgs: () => string;
  readonly exportReturns: () => string;
  readonly invokeQuery?: (args: string) => Promise<string>;
  readonly invokeMutation?: (args: string) => Promise<string>;
  readonly invokeAction?: (requestId: string, args: string) => Promise<string>;
}

export interface HttpRouterShape {
  readonly getRoutes: () => readonly (readonly [path: string, method: string, handler: unknown])[];
  readonly lookup: (
    path: string,
    method: string,
  ) => readonly [{ invokeHttpAction: (request: Request) => Promise<Response> }, string, string] | null;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  (typeof value === "object" || typeof value === "function") && value !== null;

export const isRegisteredFunction = (value: unknown): value is RegisteredFunction =>
  isRecord(value) &&
  (value.isQuery === true || value.isMutation === true || value.isAction === true) &&
  typeof value.exportArgs === "function";

export const isHttpRouter = (value: unknown): value is HttpRouterShape =>
  isRecord(value) && value.isRouter === true && typeof value.lookup === "function";

/** What `cronJobs()` makes: by name, the function, its arguments and the schedule. */
export interface CronsShape {
  readonly crons: Readonly<
    Record<string, { readonly name: string; readonly args: readonly JSONValue[]; readonly schedule: CronSchedule }>
  >;
}

export const isCrons = (value: unknown): value is CronsShape =>
  isRecord(value) && value.isCrons === true && isRecord(value.crons);

export const isSchemaDefinition = (value: unknown): value is { export: () => string } =>
  isRecord(value) && typeof value.export === "function" && isRecord(value.tables);

/** What `defineApp()` makes, and the components that it was told to use. */
export interface AppShape {
  readonly _childComponents: readonly (readonly [name: string, ...rest: unknown[]])[];
}

export const isApp = (value: unknown): value is AppShape =>
  isRecord(value) && value._isRoot === true && Array.isArray(value._childComponents);
