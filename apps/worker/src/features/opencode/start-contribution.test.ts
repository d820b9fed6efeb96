import { Effect } from "effect";
import { expect, test } from "vitest";
import { contributeOpenCode } from "./start-contribution.ts";

const filesOf = async (trustsWorkspace: boolean) => {
  const { files = [] } = await Effect.runPromise(
    contributeOpenCode({
      egressBaseUrl: "http://127.0.0.1:8787",
      credential: "credential",
      trustsWorkspace,
    }),
  );
  return Object.fromEntries(files.map(({ path, content }) => [path, content]));
};

test("what keeps a repository's plugins out is in every start, and does so unless the user trusts the workspace", async () => {
  const guard = ".config/opencode/plugin/workspace-trust.js";
  expect((await filesOf(false))[guard]).toContain("onLoad");
  expect((await filesOf(true))[guard]).toBe("export const WorkspaceTrust = async () => ({});\n");
});
