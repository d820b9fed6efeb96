import { runOnPinnedNode } from "./bootstrap.mjs";

runOnPinnedNode("scripts/stack/main.ts");
