import { runOnPinnedNode } from "./bootstrap.mjs";

await runOnPinnedNode("scripts/secrets.ts");
