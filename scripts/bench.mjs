import { runOnPinnedNode } from "./bootstrap.mjs";

await runOnPinnedNode("bench/main.ts");
