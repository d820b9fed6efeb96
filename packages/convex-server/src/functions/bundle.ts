import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { Fault } from "../faults.ts";
import { listEntryPoints, modulePathOf } from "./entry-points.ts";
import type { CodeModule, CodeScript } from "./runtime/messages.ts";

export interface Bundle {
  /** Changes whenever any bundled byte does. */
  readonly digest: string;
  readonly directory: string;
  /** The modules of Convex's default runtime: queries, mutations, and actions without Node; the schema and the providers. */
  readonly script: CodeScript;
  /** Modules that begin with "use node". */
  readonly nodeModules: readonly CodeModule[];
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

/** The parts of the client library that functions are written with. */
const libraryParts = ["convex/server", "convex/values"] as const;

/** They keep nothing between calls and are most of what a module imports: evaluated once in a thread. */
const library: Plugin = {
  name: "library",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^convex\/(server|values)$/ }, ({ path }) => ({ path, namespace: "library" }));
    onLoad({ filter: /.*/, namespace: "library" }, ({ path }) => ({
      contents: `module.exports = ${libraryName}[${JSON.stringify(path)}];`,
    }));
  },
};

/** A component's definition is known by its name alone: that is enough to refuse it by. */
const components: Plugin = {
  name: "components",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/convex\.config(\.[jt]s)?$/ }, ({ path, importer }) =>
      importer === "<stdin>" ? undefined : { path, namespace: "component" },
    );
    onLoad({ filter: /.*/, namespace: "component" }, ({ path }) => ({
      contents: `export default { componentDefinitionPath: ${JSON.stringify(dirname(path))} };`,
    }));
  },
};

const sharedOptions = (folder: string): BuildOptions => ({
  absWorkingDir: folder,
  bundle: true,
  target: "esnext",
  jsx: "automatic",
  conditions: ["convex", "module"],
  define: { "process.env.NODE_ENV": '"production"' },
  plugins: [serverOnly],
  sourcesContent: false,
  keepNames: true,
  metafile: true,
  write: false,
  logLevel: "silent",
});

const scriptName = "functions.js";
const libraryScriptName = "convex.js";
/** What a script's code knows the evaluated library as. */
const libraryName = "__convexLibrary";

/** A script that fills its `module` when it is called. */
const scriptShape = (folder: string): BuildOptions => ({
  ...sharedOptions(folder),
  platform: "browser",
  format: "cjs",
  banner: { js: `(function (module, exports, ${libraryName}) { "use strict";` },
  footer: { js: "})" },
  sourcemap: "external",
});

const requiring = (names: readonly (readonly [name: string, path: string])[], isLazy: boolean): string => {
  const parts = names.map(
    ([name, path]) => `${JSON.stringify(name)}: ${isLazy ? "() => " : ""}require(${JSON.stringify(path)})`,
  );
  return `module.exports = { ${parts.join(", ")} };`;
};

const libraryOptions = (folder: string, outFolder: string): BuildOptions => ({
  ...scriptShape(folder),
  stdin: {
    contents: requiring(
      libraryParts.map((part) => [part, part]),
      false,
    ),
    resolveDir: folder,
    loader: "js",
  },
  outfile: join(buildFolder(outFolder, "browser"), libraryScriptName),
});

/** One script in which each module is evaluated when it is asked for: what is compiled once can be evaluated for every call. */
const scriptOptions = (folder: string, outFolder: string, entries: readonly string[]): BuildOptions => {
  const shape = scriptShape(folder);
  const contents = requiring(
    entries.map((entry) => [modulePathOf(entry), `./${entry}`]),
    true,
  );
  return {
    ...shape,
    stdin: { contents, resolveDir: folder, loader: "js" },
    outfile: join(buildFolder(outFolder, "browser"), scriptName),
    plugins: [library, components, serverOnly, asyncHooks],
  };
};

const nodeOptions = (folder: string, outFolder: string, entries: readonly string[]): BuildOptions => ({
  ...sharedOptions(folder),
  entryPoints: entries.map((entry) => join(folder, entry)),
  outbase: folder,
  outdir: buildFolder(outFolder, "node"),
  platform: "node",
  format: "esm",
  splitting: true,
  outExtension: { ".js": ".mjs" },
  chunkNames: "_deps/[hash]",
  // A bundled CommonJS package may call `require` for Node's own modules.
  banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  sourcemap: "linked",
});

type Platform = "browser" | "node";

/** Where esbuild believes to write: as deep as the final place, so that source maps point to the right files. */
const buildFolder = (outFolder: string, platform: Platform): string => join(outFolder, "building", platform);

interface Built {
  readonly files: readonly { readonly path: string; readonly bytes: Uint8Array }[];
  readonly sources: readonly string[];
}

const runBuild = async (options: BuildOptions, folder: string, out: string): Promise<Built> => {
  const result = await build(options).catch((cause: unknown) => {
    throw new Fault("InvalidRequest", `The functions do not bundle: ${describe(cause)}`);
  });
  return {
    files: (result.outputFiles ?? []).map(({ path, contents }) => ({ path: relative(out, path), bytes: contents })),
    sources: Object.keys(result.metafile?.inputs ?? {})
      .filter((path) => path !== "<stdin>")
      .map((path) => resolve(folder, path)),
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

/** Bundles a functions folder as Convex's CLI does and writes it to a new directory below `outFolder`. */
export const bundleFunctions = async (folder: string, outFolder: string): Promise<Bundle> => {
  const entries = listEntryPoints(folder);
  const nodeEntries = entries.filter((entry) => hasUseNode(join(folder, entry)));
  const isolateEntries = entries.filter((entry) => !nodeEntries.includes(entry));
  const schema = firstPresent(folder, ["schema.ts", "schema.js"]);
  const authConfig = firstPresent(folder, ["auth.config.ts", "auth.config.js"]);
  const appConfig = firstPresent(folder, ["convex.config.ts", "convex.config.js"]);
  const extra = [schema, authConfig, appConfig].filter((entry) => entry !== undefined);

  const scriptEntries = [...isolateEntries, ...extra];
  const browserOut = buildFolder(outFolder, "browser");
  const isolate = await runBuild(scriptOptions(folder, outFolder, scriptEntries), folder, browserOut);
  const libraryFiles = await runBuild(libraryOptions(folder, outFolder), folder, browserOut);
  const node =
    nodeEntries.length === 0
      ? { files: [], sources: [] }
      : await runBuild(nodeOptions(folder, outFolder, nodeEntries), folder, buildFolder(outFolder, "node"));

  const hash = createHash("sha256");
  for (const { path, bytes } of [...isolate.files, ...libraryFiles.files, ...node.files])
    hash.update(path).update(bytes);
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
  write("browser", libraryFiles);
  write("node", node);

  return {
    digest,
    directory,
    script: {
      file: join(directory, "browser", scriptName),
      libraryFile: join(directory, "browser", libraryScriptName),
      modules: isolateEntries.map(modulePathOf),
      schema: schema === undefined ? null : modulePathOf(schema),
      authConfig: authConfig === undefined ? null : modulePathOf(authConfig),
      appConfig: appConfig === undefined ? null : modulePathOf(appConfig),
    },
    nodeModules: nodeEntries.map((entry) => ({
      path: modulePathOf(entry),
      file: join(directory, "node", `${modulePathOf(entry)}.mjs`),
    })),
    sources: [...new Set([...isolate.sources, ...node.sources])],
  };
};
