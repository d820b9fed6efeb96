import { runOnPinnedNode } from "./bootstrap.mjs";

runOnPinnedNode("scripts/test.ts");
