import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { Fault } from "../faults.ts";
import { listEntryPoints, modulePathOf } from "./entry-points.ts";
import type { CodeModule } from "./runtime/messages.ts";

export interface Bundle {
  /** Changes whenever any bundled byte does. */
  readonly digest: string;
  readonly directory: string;
  /** Modules of Convex's default runtime: queries, mutations, and actions without Node. */
  readonly modules: readonly CodeModule[];
  /** Modules that begin with "use node". */
  readonly nodeModules: readonly CodeModule[];
  readonly schemaFile: string | null;
  readonly authConfigFile: string | null;
  /** Absolute paths of all sources, for watching. */
  readonly sources: readonly string[];
}

/** The workers offer these classes as globals, as Convex's runtime does. */
const asyncHooks: Plugin = {
  name: "async-hooks",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?async_hooks$/ }, ({ path }) => ({ path, namespace: "async-hooks" }));
    onLoad({ filter: /.*/, namespace: "async-hooks" }, () => ({
      contents: "export const { AsyncLocalStorage, AsyncResource } = globalThis;",
    }));
  },
};

const serverOnly: Plugin = {
  name: "server-only",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^server-only$/ }, ({ path }) => ({ path, namespace: "server-only" }));
    onLoad({ filter: /.*/, namespace: "server-only" }, () => ({ contents: "" }));
  },
};

const optionsFor = (folder: string, outFolder: string, platform: Platform): BuildOptions => ({
  absWorkingDir: folder,
  outbase: folder,
  outdir: buildFolder(outFolder, platform),
  bundle: true,
  platform,
  format: "esm",
  target: "esnext",
  jsx: "automatic",
  splitting: true,
  outExtension: { ".js": ".mjs" },
  chunkNames: "_deps/[hash]",
  conditions: ["convex", "module"],
  define: { "process.env.NODE_ENV": '"production"' },
  plugins: platform === "browser" ? [serverOnly, asyncHooks] : [serverOnly],
  // A bundled CommonJS package may call `require` for Node's own modules.
  ...(platform === "node"
    ? { banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' } }
    : {}),
  sourcemap: "linked",
  sourcesContent: false,
  keepNames: true,
  metafile: true,
  write: false,
  logLevel: "silent",
});

type Platform = "browser" | "node";

/** Where esbuild believes to write: as deep as the final place, so that source maps point to the right files. */
const buildFolder = (outFolder: string, platform: Platform): string => join(outFolder, "building", platform);

interface Built {
  readonly files: readonly { readonly path: string; readonly bytes: Uint8Array }[];
  readonly sources: readonly string[];
}

const bundleEntries = async (
  folder: string,
  outFolder: string,
  entries: readonly string[],
  platform: Platform,
): Promise<Built> => {
  if (entries.length === 0) return { files: [], sources: [] };
  const options = optionsFor(folder, outFolder, platform);
  const result = await build({ ...options, entryPoints: entries.map((entry) => join(folder, entry)) }).catch(
    (cause: unknown) => {
      throw new Fault("InvalidRequest", `The functions do not bundle: ${describe(cause)}`);
    },
  );
  const out = buildFolder(outFolder, platform);
  return {
    files: (result.outputFiles ?? []).map(({ path, contents }) => ({ path: relative(out, path), bytes: contents })),
    sources: Object.keys(result.metafile?.inputs ?? {}).map((path) => resolve(folder, path)),
  };
};

const describe = (cause: unknown): string => {
  if (typeof cause !== "object" || cause === null || !("errors" in cause) || !Array.isArray(cause.errors)) {
    return String(cause);
  }
  return cause.errors
    .map(({ text, location }) => (location ? `${location.file}:${location.line}: ${text}` : String(text)))
    .join("; ");
};

const hasUseNode = (file: string): boolean => {
  const source = readFileSync(file, "utf8");
  // Directives come first: only comments and other directives may stand before this one.
  return /^(?:\s|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/|"use [a-z]+";?|'use [a-z]+';?)*?["']use node["']/.test(source);
};

const firstPresent = (folder: string, names: readonly string[]): string | undefined =>
  names.find((name) => existsSync(join(folder, name)));

const outputOf = (entry: string): string => `${modulePathOf(entry)}.mjs`;

/** Bundles a functions folder as Convex's CLI does and writes it to a new directory below `outFolder`. */
export const bundleFunctions = async (folder: string, outFolder: string): Promise<Bundle> => {
  const entries = listEntryPoints(folder);
  const nodeEntries = entries.filter((entry) => hasUseNode(join(folder, entry)));
  const isolateEntries = entries.filter((entry) => !nodeEntries.includes(entry));
  const schema = firstPresent(folder, ["schema.ts", "schema.js"]);
  const authConfig = firstPresent(folder, ["auth.config.ts", "auth.config.js"]);
  const extra = [schema, authConfig].filter((entry) => entry !== undefined);

  const isolate = await bundleEntries(folder, outFolder, [...isolateEntries, ...extra], "browser");
  const node = await bundleEntries(folder, outFolder, nodeEntries, "node");

  const hash = createHash("sha256");
  for (const { path, bytes } of [...isolate.files, ...node.files]) hash.update(path).update(bytes);
  const digest = hash.digest("hex").slice(0, 16);
  const directory = join(outFolder, digest);
  const write = (part: Platform, built: Built): void => {
    for (const { path, bytes } of built.files) {
      const target = join(directory, part, path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, bytes);
    }
  };
  write("browser", isolate);
  write("node", node);

  const modulesOf = (part: Platform, names: readonly string[]): CodeModule[] =>
    names.map((entry) => ({ path: modulePathOf(entry), file: join(directory, part, outputOf(entry)) }));
  const fileOf = (entry: string | undefined): string | null =>
    entry === undefined ? null : join(directory, "browser", outputOf(entry));
  return {
    digest,
    directory,
    modules: modulesOf("browser", isolateEntries),
    nodeModules: modulesOf("node", nodeEntries),
    schemaFile: fileOf(schema),
    authConfigFile: fileOf(authConfig),
    sources: [...new Set([...isolate.sources, ...node.sources])],
  };
};
