import { runOnPinnedNode } from "./bootstrap.mjs";

await runOnPinnedNode("scripts/test-docker.ts", process.argv.slice(2));
