import { mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

interface BuiltFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const entry = fileURLToPath(new URL("./runtime/worker.ts", import.meta.url));
const runtimeName = "worker.mjs";

/** `file`: where it will lie, which the places in its source map are relative to. */
const buildRuntime = async (file: string): Promise<readonly BuiltFile[]> => {
  const { outputFiles } = await build({
    entryPoints: [entry],
    outfile: file,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "esnext",
    sourcemap: "linked",
    sourcesContent: false,
    keepNames: true,
    write: false,
    logLevel: "silent",
  });
  return outputFiles.map(({ path, contents }) => ({ name: basename(path), bytes: contents }));
};

/**
 * Writes what a thread of functions runs as one script of JavaScript, and returns its path. Started from the sources, each
 * thread would read seventy files and strip the types of each anew: a tenth of a second of CPU for every thread.
 */
export const bundleRuntime = async (outFolder: string): Promise<string> => {
  const file = join(outFolder, "runtime", runtimeName);
  const files = await buildRuntime(file);
  mkdirSync(dirname(file), { recursive: true });
  for (const { name, bytes } of files) writeFileSync(join(dirname(file), name), bytes);
  return file;
};
