import { runOnPinnedNode } from "./bootstrap.mjs";

await runOnPinnedNode("scripts/deploy.ts");
