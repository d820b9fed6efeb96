/**
 * `npm test`: check, unit, worker, Convex and browser tests. The last line is `N passed, N failed`.
 * `--only <name>` runs one group, e.g. `--only e2e`.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { refuse, root } from "./bootstrap.mjs";
import { check } from "./check.ts";
import { flagsOf } from "./flags.ts";
import { run, type StepResult } from "./step.ts";
import {
  browserPackages,
  clientPackages,
  ensureSystemPackages,
  installHint,
  sandboxPackages,
} from "./system-packages.ts";
import { addTallies, playwrightTally, runnerFailure, type Tally, vitestTally } from "./tally.ts";

const reports = join(root, "node_modules/.cache/threadbox-reports");

const vitestWorkspaces = [
  "packages/contracts",
  "packages/model-double",
  "scripts",
  "convex",
  "packages/local-authkit",
  "packages/convex-server",
  "apps/web",
  "apps/worker",
  "apps/sandbox-host",
  "apps/codemode",
  "bench",
];

const none: Tally = { passed: 0, failed: 0, failures: [] };

const one = (name: string, isOk: boolean): Tally =>
  isOk ? { ...none, passed: 1 } : { ...none, failed: 1, failures: [`${name} failed: see its output above.`] };

/** The counts of a runner's report, and one more where it failed without saying so there. */
const readTally = (report: string, tallyOf: (report: unknown) => Tally, name: string, { isOk, output }: StepResult) => {
  const tally = existsSync(report) ? tallyOf(JSON.parse(readFileSync(report, "utf8"))) : none;
  const isTold = isOk ? existsSync(report) : tally.failed > 0;
  return isTold ? tally : addTallies(tally, { ...none, failed: 1, failures: [runnerFailure(name, output)] });
};

const vitest = async (workspace: string): Promise<Tally> => {
  const report = join(reports, `${workspace.replaceAll("/", "-")}.json`);
  const argv = ["vitest", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const result = await run(workspace, argv, { cwd: join(root, workspace), isLoud: true });
  return readTally(report, vitestTally, workspace, result);
};

const playwright = async (): Promise<Tally> => {
  const report = join(reports, "e2e.json");
  const argv = ["playwright", "test", "--reporter=list,json"];
  const env = { PLAYWRIGHT_JSON_OUTPUT_FILE: report };
  const result = await run("e2e", argv, { cwd: join(root, "e2e"), env, isLoud: true });
  return readTally(report, playwrightTally, "e2e", result);
};

const deployDryRun = async (): Promise<Tally> => {
  const { isOk } = await run("deploy", ["node", "scripts/deploy.ts", "--dry-run"], { isLoud: true });
  return one("deploy", isOk);
};

const firstLoad = async (): Promise<Tally> => {
  const { isOk } = await run("first load", ["node", "bench/first-load.ts"], { isLoud: true });
  return one("first-load", isOk);
};

const groups: readonly (readonly [name: string, run: () => Promise<Tally>])[] = [
  ["check", async () => one("check", await check())],
  ...vitestWorkspaces.map((workspace) => [workspace, () => vitest(workspace)] as const),
  ["deploy", deployDryRun],
  ["first-load", firstLoad],
  ["e2e", playwright],
];

const { only } = flagsOf({ only: { type: "string" } });
const chosen = groups.filter(([name]) => only === undefined || name === only);
if (chosen.length === 0)
  refuse(`there is no test group ${only}; there are ${groups.map(([name]) => name).join(", ")}.`);

const missing = ensureSystemPackages([...sandboxPackages, ...clientPackages, ...browserPackages]);
if (missing.length > 0) refuse(installHint(missing));

rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
let total: Tally = none;
const rows: string[] = [];
for (const [name, runGroup] of chosen) {
  console.log(`\n━━ ${name}`);
  const startedAt = performance.now();
  const tally = await runGroup();
  total = addTallies(total, tally);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0).padStart(4);
  rows.push(`${seconds} s  ${name}: ${tally.passed} passed, ${tally.failed} failed`);
}
if (total.failures.length > 0) console.log(`\nWhat failed:\n\n${total.failures.join("\n\n")}`);
console.log(`\n${rows.join("\n")}\n`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);
