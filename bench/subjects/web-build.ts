import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { root } from "../../scripts/bootstrap.mjs";
import { closureOf, headOf, type ManifestRoute } from "../harness/critical-path.ts";
import { NotMeasurableError } from "../harness/metric.ts";

const dist = join(root, "apps/web/dist");

/** Size of a file as a production server sends it: gzip at its strongest. */
export const gzBytes = (content: string | Buffer): number => gzipSync(content, { level: 9 }).byteLength;

/** Holds everything where routes have no chunks of their own. */
const rootRoute = "__root__";

interface Manifest {
  readonly routes: Readonly<Record<string, ManifestRoute>>;
}

const readManifest = async (): Promise<Manifest> => {
  const folder = join(dist, "server/assets");
  const name = existsSync(folder)
    ? readdirSync(folder).find((file) => file.startsWith("_tanstack-start-manifest"))
    : undefined;
  if (name === undefined) throw new NotMeasurableError("The web app is not built: npm run build.");
  const module = (await import(join(folder, name))) as { tsrStartManifest: () => Manifest };
  return module.tsrStartManifest();
};

export interface BuiltFile {
  readonly path: string;
  readonly gzBytes: number;
}

/** What a page of the chat cannot do without, as the build itself says: no browser takes part. */
export const chatCriticalPath = async (): Promise<{ readonly route: string; readonly files: readonly BuiltFile[] }> => {
  const { routes } = await readManifest();
  const route = Object.keys(routes).find((id) => id.includes("$thread")) ?? rootRoute;
  const read = (path: string) => readFileSync(join(dist, "client", path), "utf8");
  const files = closureOf(headOf(routes, route), read).map((path) => ({ path, gzBytes: gzBytes(read(path)) }));
  return { route, files };
};
