import { runOnPinnedNode } from "./bootstrap.mjs";

await runOnPinnedNode("scripts/data.ts", ["export", ...process.argv.slice(2)]);
