import { type WouldRun, wouldRunMax } from "@threadbox/contracts/repository";
import { Effect } from "effect";
import { readBytes } from "../../http/body.ts";
import type { WorkspaceFiles } from "../sandbox/index.ts";

/** Files and folders at a repository's root that somebody runs, or obeys, on opening it. */
const known: Readonly<Record<string, WouldRun["by"]>> = {
  "opencode.json": "opencode",
  "opencode.jsonc": "opencode",
  ".opencode": "opencode",
  "AGENTS.md": "agent",
  "CLAUDE.md": "agent",
  ".agents": "agent",
  ".claude": "agent",
  ".envrc": "shell",
  ".husky": "git",
  ".githooks": "git",
  ".pre-commit-config.yaml": "git",
  ".lfsconfig": "git",
  ".devcontainer": "editor",
  ".devcontainer.json": "editor",
};

/** Scripts that installing a package's dependencies runs. */
const installScripts = ["preinstall", "install", "postinstall", "prepare"];
const manifestBytesMax = 262_144;

const installsOf = (text: string): readonly string[] => {
  try {
    const { scripts } = JSON.parse(text) as { readonly scripts?: unknown };
    if (typeof scripts !== "object" || scripts === null) return [];
    return installScripts.filter((name) => typeof Reflect.get(scripts, name) === "string");
  } catch {
    return [];
  }
};

const textOf = (files: WorkspaceFiles, path: string) =>
  files.read(path).pipe(
    Effect.flatMap(({ stream }) => Effect.promise(() => readBytes(new Response(stream), manifestBytesMax))),
    Effect.map((bytes) => (bytes === null ? "" : new TextDecoder().decode(bytes))),
    Effect.catch(() => Effect.succeed("")),
  );

const namesIn = (files: WorkspaceFiles, path: string) =>
  files.list(path).pipe(
    Effect.map((entries) => entries.map(({ name }) => name)),
    Effect.catch(() => Effect.succeed<readonly string[]>([])),
  );

/** What a workspace would have run by itself, were it trusted. */
export const findWouldRun = Effect.fn("findWouldRun")(function* (files: WorkspaceFiles) {
  const names = yield* namesIn(files, "");
  const found: WouldRun[] = names.flatMap((path) => {
    const by = Object.hasOwn(known, path) ? known[path] : undefined;
    return by === undefined ? [] : [{ path, by }];
  });
  if (names.includes(".vscode") && (yield* namesIn(files, ".vscode")).includes("tasks.json"))
    found.push({ path: ".vscode/tasks.json", by: "editor" });
  if (names.includes("package.json"))
    for (const script of installsOf(yield* textOf(files, "package.json")))
      found.push({ path: `package.json: ${script}`, by: "install" });
  return { wouldRun: found.slice(0, wouldRunMax), hasSubmodules: names.includes(".gitmodules") };
});
