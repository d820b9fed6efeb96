import { runOnPinnedNode } from "./bootstrap.mjs";

await runOnPinnedNode("scripts/check.ts");
