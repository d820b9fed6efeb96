import { runOnPinnedNode } from "./bootstrap.mjs";

await runOnPinnedNode("scripts/data.ts", ["restore", ...process.argv.slice(2)]);
