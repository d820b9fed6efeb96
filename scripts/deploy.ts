/**
 * `npm run deploy`: Convex, codemode, worker and web to their production homes. `-- --dry-run` builds all of them for production
 * and contacts nobody.
 */
import { join } from "node:path";
import { refuse, root } from "./bootstrap.mjs";
import { bundleConvex } from "./convex-bundle.ts";
import { flagsOf } from "./flags.ts";
import { run } from "./step.ts";

interface Target {
  readonly name: string;
  readonly cwd: string;
  readonly dryRun: readonly string[] | (() => Promise<string>);
  readonly deploy: readonly string[];
  /** Environment without which the deploy cannot work. */
  readonly needs: readonly string[];
}

const targets: readonly Target[] = [
  {
    name: "convex",
    cwd: root,
    dryRun: () => bundleConvex(join(root, "convex")),
    deploy: ["convex", "deploy", "--yes"],
    needs: ["CONVEX_DEPLOY_KEY"],
  },
  {
    name: "codemode",
    cwd: join(root, "apps/codemode"),
    dryRun: ["wrangler", "deploy", "--dry-run", "--outdir", "dist"],
    deploy: ["wrangler", "deploy"],
    needs: ["CLOUDFLARE_API_TOKEN"],
  },
  {
    name: "worker",
    cwd: join(root, "apps/worker"),
    dryRun: ["wrangler", "deploy", "--dry-run", "--outdir", "dist", "--containers-rollout=none"],
    deploy: ["wrangler", "deploy"],
    needs: ["CLOUDFLARE_API_TOKEN"],
  },
  {
    name: "web",
    cwd: join(root, "apps/web"),
    dryRun: ["npm", "run", "deploy", "--silent", "--", "--dry-run"],
    deploy: ["npm", "run", "deploy", "--silent"],
    needs: ["CLOUDFLARE_API_TOKEN"],
  },
];

const isDryRun = flagsOf({ "dry-run": { type: "boolean" } })["dry-run"] === true;
const missing = isDryRun ? [] : [...new Set(targets.flatMap(({ needs }) => needs))].filter((key) => !process.env[key]);
if (missing.length > 0) refuse(`${missing.join(" and ")} must be set to deploy; docs/DEPLOYMENT.md tells how.`);

for (const { name, cwd, dryRun, deploy } of targets) {
  if (isDryRun && typeof dryRun === "function") {
    console.log(`ok   ${name}: ${await dryRun()}`);
    continue;
  }
  const argv = isDryRun && typeof dryRun !== "function" ? dryRun : deploy;
  const result = await run(name, argv, { cwd, env: { CI: "true" } });
  console.log(`${result.isOk ? "ok  " : "FAIL"} ${name} (${(result.durationMs / 1000).toFixed(1)} s)`);
  if (!result.isOk) {
    console.log(result.output);
    process.exit(1);
  }
}
console.log(isDryRun ? "Everything builds for production; nothing was deployed." : "Deployed.");
