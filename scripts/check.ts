/** `npm run check`: everything CI asks before tests. Writes nothing; ends with one line per law and a verdict. */
import { run, type StepResult } from "./step.ts";

const steps: readonly (readonly [name: string, argv: readonly string[]])[] = [
  ["format and lint", ["biome", "ci", "--colors=off", "--error-on-warnings", "."]],
  ["types", ["turbo", "run", "typecheck", "--output-logs=errors-only", "--no-color"]],
  [
    "import laws",
    ["depcruise", "--config", ".dependency-cruiser.mjs", "apps", "packages", "convex", "scripts", "e2e", "bench"],
  ],
  ["unused code and dependencies", ["knip", "--no-config-hints"]],
  ["manifests", ["sherif"]],
  ["generated Convex bindings", ["node", "packages/convex-server/src/codegen.ts", "--dir", "convex", "--check"]],
];

/** Runs every law, two at a time, and prints what a failed one said. Resolves to whether all hold. */
export const check = async (): Promise<boolean> => {
  const waiting = [...steps];
  const results: StepResult[] = [];
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const result = await run(next[0], next[1]);
      results.push(result);
      console.log(`${result.isOk ? "ok  " : "FAIL"} ${result.name} (${(result.durationMs / 1000).toFixed(1)} s)`);
      if (!result.isOk) console.log(result.output);
    }
  };
  await Promise.all([lane(), lane()]);
  return results.every(({ isOk }) => isOk);
};

if (import.meta.main) {
  const isOk = await check();
  console.log(isOk ? "All checks passed." : "Some checks failed. See their output above.");
  process.exit(isOk ? 0 : 1);
}
