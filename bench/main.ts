/**
 * `npm run bench`: ratios against a floor and a peer in the same run. Writes `bench/results.json`.
 * `--only M4,M7` runs some metrics, `--blocks N` sets the number of blocks, `--quick` shortens everything and
 * writes nothing, `--alone` never lets two OpenCode servers run at once.
 */
import { join } from "node:path";
import { type BenchArguments, parseArguments } from "./harness/arguments.ts";
import { watchEnvironment } from "./harness/environment.ts";
import { type Metric, type MetricRecord, NotMeasurableError } from "./harness/metric.ts";
import { writeResults } from "./harness/results.ts";
import { readableMetric } from "./harness/table.ts";
import { newThread } from "./metrics/m1-new-thread.ts";
import { coldStart } from "./metrics/m2-cold-start.ts";
import { firstToken } from "./metrics/m3-first-token.ts";
import { proxyCost } from "./metrics/m4-proxy-cost.ts";
import { wake } from "./metrics/m5-wake.ts";
import { longThread } from "./metrics/m6-long-thread.ts";
import { firstLoad } from "./metrics/m7-first-load.ts";
import { neighbours } from "./metrics/m8-neighbours.ts";
import { rotation } from "./metrics/m10-rotation.ts";
import { codemode } from "./metrics/m11-codemode.ts";
import { terminal } from "./metrics/m13-terminal.ts";
import { egress } from "./metrics/m14-egress.ts";
import { hostileSandbox } from "./metrics/m15-hostile-sandbox.ts";
import { embeddedConvex } from "./metrics/m16-embedded-convex.ts";
import { killAllChildren, stopAllChildren } from "./subjects/child.ts";
import { removeFolders } from "./subjects/folders.ts";

const metrics: readonly Metric[] = [
  newThread,
  coldStart,
  firstToken,
  proxyCost,
  wake,
  longThread,
  firstLoad,
  neighbours,
  rotation,
  codemode,
  terminal,
  egress,
  hostileSandbox,
  embeddedConvex,
];
const resultsPath = join(import.meta.dirname, "results.json");
const progress = (line: string) => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${line}`);
};

const measure = async (
  metric: Metric,
  { blocks, isQuick, isAlone }: Omit<BenchArguments, "ids">,
): Promise<MetricRecord> => {
  const { id, title, workload, floor, peer } = metric;
  const environment = watchEnvironment(() => new Date());
  const about = { id, title, workload, floor, peer, isQuick };
  try {
    const report = await metric.run({ blocks, isQuick, isAlone, say: (line) => progress(`${id}: ${line}`) });
    return { ...about, environment: environment(), state: "measured", ...report };
  } catch (error) {
    const reason =
      error instanceof NotMeasurableError ? error.message : String(error instanceof Error ? error.stack : error);
    return { ...about, environment: environment(), state: "not measured", reason };
  } finally {
    progress("");
    await stopAllChildren();
  }
};

const main = async (): Promise<number> => {
  const { ids, ...options } = parseArguments(
    process.argv.slice(2),
    metrics.map(({ id }) => id),
  );
  const records: MetricRecord[] = [];
  for (const metric of metrics.filter(({ id }) => ids.includes(id))) {
    const record = await measure(metric, options);
    records.push(record);
    console.log(`\n${readableMetric(record)}`);
    if (!options.isQuick) writeResults(resultsPath, [record]);
  }
  console.log(options.isQuick ? "\nA quick run: nothing was written." : `\nWritten to ${resultsPath}`);
  return records.every(({ state }) => state === "measured") ? 0 : 1;
};

/** Whatever ends the bench, nothing that it started stays. */
const end = async (code: number): Promise<never> => {
  await stopAllChildren();
  process.exit(code);
};
process.on("exit", () => {
  killAllChildren();
  removeFolders();
});
process.on("uncaughtException", (error) => {
  console.error(error);
  void end(1);
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void end(1));

try {
  await end(await main());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  await end(1);
}
