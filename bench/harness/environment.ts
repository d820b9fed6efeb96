import { existsSync, readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem } from "node:os";
import { join } from "node:path";
import { root } from "../../scripts/bootstrap.mjs";

/** Where and with what a metric was measured. */
export interface Environment {
  readonly at: string;
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryGb: number;
    readonly kernel: string;
  };
  readonly versions: Readonly<Record<string, string>>;
  /** One, five and fifteen minutes, before and after. */
  readonly loadAverage: { readonly before: readonly number[]; readonly after: readonly number[] };
}

const measuredPackages = ["opencode-ai", "workerd", "miniflare", "agents", "http-proxy-middleware", "jose"];

const versionOf = (name: string): string => {
  const manifest = join(root, "node_modules", name, "package.json");
  if (!existsSync(manifest)) return "absent";
  return (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
};

/** Starts watching; the answer describes the time from then until it is asked. */
export const watchEnvironment = (now: () => Date): (() => Environment) => {
  const at = now().toISOString();
  const before = loadavg();
  return () => ({
    at,
    machine: {
      cpu: cpus()[0]?.model ?? "unknown",
      cores: cpus().length,
      memoryGb: Math.round(totalmem() / 1024 ** 3),
      kernel: release(),
    },
    versions: {
      node: process.versions.node,
      ...Object.fromEntries(measuredPackages.map((name) => [name, versionOf(name)])),
    },
    loadAverage: { before, after: loadavg() },
  });
};
