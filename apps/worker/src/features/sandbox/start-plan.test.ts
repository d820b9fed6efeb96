import { Generation } from "@threadbox/contracts/ids";
import { Effect, Exit } from "effect";
import { describe, expect, test } from "vitest";
import { newThreadId } from "../../testing/tokens.testing.ts";
import { SandboxUnavailableError } from "./errors.ts";
import { someName } from "./provider.contract.testing.ts";
import {
  type CommonStart,
  planCommon,
  planStart,
  type StartContribution,
  type StartContributor,
} from "./start-plan.ts";

const start = {
  threadId: newThreadId(),
  name: someName("a"),
  generation: Generation.make(1),
  egressBaseUrl: "http://relay.test",
  trustsWorkspace: false,
  credential: "credential",
};
const saying =
  (contribution: StartContribution): StartContributor =>
  () =>
    Effect.succeed(contribution);
const plan = (...own: StartContributor[]) => Effect.runPromiseExit(planStart({ common: [], own }, start));
const nothingOwn = { credential: "credential", variables: [], files: [] };

describe("the plan of a start", () => {
  test("without contributions sets nothing and restores nothing", async () => {
    expect(await plan()).toEqual(Exit.succeed({ environment: {}, files: [], restoreFrom: undefined, own: nothingOwn }));
  });

  test("holds what every contributor says of this very start", async () => {
    const exit = await plan(
      ({ generation }) => Effect.succeed({ environment: { GENERATION: String(generation) } }),
      saying({ files: [{ path: ".local/auth.json", content: "{}" }] }),
      saying({ environment: { HANDLE: "h" }, restoreFrom: "snapshot" }),
    );
    expect(exit).toEqual(
      Exit.succeed({
        environment: { GENERATION: "1", HANDLE: "h" },
        files: [{ path: ".local/auth.json", content: "{}" }],
        restoreFrom: "snapshot",
        own: { credential: "credential", variables: ["GENERATION", "HANDLE"], files: [".local/auth.json"] },
      }),
    );
  });

  test("tells what is the thread's own from what every start has", async () => {
    const contributors = {
      common: [
        ({ credential }: CommonStart) =>
          Effect.succeed({ environment: { CONFIG: `key ${credential}` }, files: [{ path: "plugin", content: "p" }] }),
      ],
      own: [saying({ environment: { SECRET: "s" }, files: [{ path: "auth.json", content: "{}" }] })],
    };
    const { environment, files, own } = await Effect.runPromise(planStart(contributors, start));
    expect(environment).toEqual({ CONFIG: "key credential", SECRET: "s" });
    expect(files.map(({ path }) => path)).toEqual(["plugin", "auth.json"]);
    expect(own).toEqual({ credential: "credential", variables: ["SECRET"], files: ["auth.json"] });
    expect(await Effect.runPromise(planCommon(contributors, start))).toEqual({
      environment: { CONFIG: "key credential" },
      files: [{ path: "plugin", content: "p" }],
    });
  });

  test("fails with the contributor that fails", async () => {
    const error = new SandboxUnavailableError({ reason: "Can't lease the thread's secrets right now." });
    const failing = planStart({ common: [], own: [saying({}), () => Effect.fail(error)] }, start);
    expect(await Effect.runPromise(Effect.flip(failing))).toBe(error);
  });

  test.each<[string, StartContribution[]]>([
    ["two that set one variable", [{ environment: { KEY: "a" } }, { environment: { KEY: "b" } }]],
    ["two that restore the workspace", [{ restoreFrom: "a" }, { restoreFrom: "b" }]],
    ["two that write one file", [{ files: [{ path: "a", content: "" }] }, { files: [{ path: "a", content: "b" }] }]],
    ["one that sets OpenCode's password", [{ environment: { OPENCODE_SERVER_PASSWORD: "known" } }]],
    ["one that takes back a flag of every OpenCode", [{ environment: { OPENCODE_DISABLE_PROJECT_CONFIG: "" } }]],
    ["one that sets what is no variable", [{ environment: { "A=B": "c" } }]],
  ])("is a defect with %s", async (_, contributions) => {
    const exit = await plan(...contributions.map(saying));
    expect(Exit.isFailure(exit) && Exit.hasDies(exit)).toBe(true);
  });
});
