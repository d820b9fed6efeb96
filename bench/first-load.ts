/** Builds the web app and fails where a thread's page outgrows its budget: docs/decisions/0007-first-load.md. */
import { build } from "../scripts/supervisor/build.ts";
import { type Budget, excessOver } from "./harness/budget.ts";
import { chatCriticalPath } from "./subjects/web-build.ts";

/** What was reached; raise it only together with the decision. */
const budget: Budget = { jsKb: 180, cssKb: 11, files: 5 };

await build(["@threadbox/web"]);
const { route, files } = await chatCriticalPath();
const kb = (ending: string) =>
  files.reduce((sum, file) => (file.path.endsWith(ending) ? sum + file.gzBytes : sum), 0) / 1_000;
const weight: Budget = { jsKb: kb(".js"), cssKb: kb(".css"), files: files.length };
console.log(`${route} cannot do without, in bytes of gzip:`);
for (const { path, gzBytes } of files) console.log(`${String(gzBytes).padStart(8)}  ${path}`);
const excess = excessOver(budget, weight);
console.log(excess.length === 0 ? "The first load is within its budget." : `Over budget: ${excess.join("; ")}.`);
process.exit(excess.length === 0 ? 0 : 1);
