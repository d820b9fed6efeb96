import { runOnPinnedNode } from "./bootstrap.mjs";

runOnPinnedNode("scripts/check.ts");
