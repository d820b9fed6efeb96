import type { ServiceMutations, ServiceQueries } from "@threadbox/contracts/convex-service";
import type { FunctionArgs, FunctionReference, FunctionReturnType } from "convex/server";
import { expect, test } from "vitest";
import type { api } from "./_generated/api.js";

/** Holds only where caller and function agree on every argument's name, and either takes what the other gives. */
type SameNames<A, B> = [keyof A] extends [keyof B] ? ([keyof B] extends [keyof A] ? true : false) : false;
/** JSON leaves out what is undefined. */
type AsSent<A> = { readonly [K in keyof A]: Exclude<A[K], undefined> };
type Agrees<F extends FunctionReference<"query" | "mutation">, Args, Result> = [AsSent<Args>] extends [FunctionArgs<F>]
  ? [FunctionReturnType<F>] extends [Result]
    ? SameNames<Args, FunctionArgs<F>>
    : false
  : false;
type Access = ServiceQueries["threads:access"];

/** Compiles only while every row is `true`. */
const agreed: { readonly [P in keyof (ServiceMutations & ServiceQueries)]: true } = {
  "threads:access": true satisfies Agrees<typeof api.threads.access, Access["args"], Access["result"]>,
  "threads:named": true satisfies Agrees<
    typeof api.threads.named,
    ServiceQueries["threads:named"]["args"],
    ServiceQueries["threads:named"]["result"]
  >,
  "threads:searchBeside": true satisfies Agrees<
    typeof api.threads.searchBeside,
    ServiceQueries["threads:searchBeside"]["args"],
    ServiceQueries["threads:searchBeside"]["result"]
  >,
  "threads:createNamed": true satisfies Agrees<
    typeof api.threads.createNamed,
    ServiceMutations["threads:createNamed"],
    boolean
  >,
  "threads:removeNamed": true satisfies Agrees<
    typeof api.threads.removeNamed,
    ServiceMutations["threads:removeNamed"],
    boolean
  >,
  "threads:setActivity": true satisfies Agrees<
    typeof api.threads.setActivity,
    ServiceMutations["threads:setActivity"],
    boolean
  >,
  "messages:project": true satisfies Agrees<typeof api.messages.project, ServiceMutations["messages:project"], boolean>,
  "messages:select": true satisfies Agrees<typeof api.messages.select, ServiceMutations["messages:select"], boolean>,
  "messages:truncate": true satisfies Agrees<
    typeof api.messages.truncate,
    ServiceMutations["messages:truncate"],
    boolean
  >,
  "sandboxes:report": true satisfies Agrees<typeof api.sandboxes.report, ServiceMutations["sandboxes:report"], boolean>,
  "sandboxes:running": true satisfies Agrees<
    typeof api.sandboxes.running,
    ServiceQueries["sandboxes:running"]["args"],
    readonly string[]
  >,
  "journal:append": true satisfies Agrees<typeof api.journal.append, ServiceMutations["journal:append"], boolean>,
  "audit:append": true satisfies Agrees<typeof api.audit.append, ServiceMutations["audit:append"], boolean>,
};

test("every function that the worker calls is named by the contract, and no other", () => {
  const sources = import.meta.glob<string>(["./*.ts", "!./*.test.ts", "!./functions.ts"], {
    eager: true,
    query: "?raw",
    import: "default",
  });
  const declared = Object.entries(sources).flatMap(([file, text]) =>
    [...text.matchAll(/^export const (\w+) = service(?:Query|Mutation)\(/gm)].map(
      ([, name]) => `${file.slice(2, -3)}:${name}`,
    ),
  );
  expect(Object.keys(agreed).sort()).toEqual(declared.sort());
});
