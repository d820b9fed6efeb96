import { runOnPinnedNode } from "./bootstrap.mjs";

runOnPinnedNode("scripts/deploy.ts");
