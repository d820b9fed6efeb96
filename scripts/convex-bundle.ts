import { readdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const isFunctionModule = (path: string) =>
  /\.ts$/.test(path) &&
  !path.includes("_generated") &&
  !path.includes("node_modules") &&
  (path.split("/").at(-1)?.split(".").length === 2 || path === "auth.config.ts");

/**
 * Bundles a Convex functions folder as Convex's own CLI does for its cloud (browser platform, `convex` condition), so
 * that a Node import in a function fails here. Resolves to one sentence about the result.
 */
export const bundleConvex = async (folder: string): Promise<string> => {
  const entries = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(isFunctionModule);
  const { outputFiles } = await build({
    entryPoints: entries.map((entry) => join(folder, entry)),
    outdir: folder,
    bundle: true,
    splitting: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "esnext",
    conditions: ["convex", "module"],
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "silent",
  });
  const bytes = outputFiles.reduce((sum, { contents }) => sum + contents.byteLength, 0);
  return `${entries.length} function modules, ${Math.round(bytes / 1024)} KiB`;
};
