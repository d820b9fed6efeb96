import { runOnPinnedNode } from "./bootstrap.mjs";

runOnPinnedNode("bench/main.ts");
