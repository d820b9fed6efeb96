import { runOnPinnedNode } from "./bootstrap.mjs";

await runOnPinnedNode("scripts/supervisor/main.ts");
