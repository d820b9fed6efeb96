import { runOnPinnedNode } from "./bootstrap.mjs";

await runOnPinnedNode("scripts/data.ts", ["backup", ...process.argv.slice(2)]);
