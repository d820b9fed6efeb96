import { runOnPinnedNode } from "./bootstrap.mjs";

await runOnPinnedNode("scripts/image.ts", process.argv.slice(2));
