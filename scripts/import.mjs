import { runOnPinnedNode } from "./bootstrap.mjs";

await runOnPinnedNode("scripts/data.ts", ["import", ...process.argv.slice(2)]);
