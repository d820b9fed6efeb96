import { decodeConfig } from "./config.ts";
import { listenForStops } from "./hear-stops.ts";
import { keepRunning } from "./keep-running.ts";

const ending = new AbortController();
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => ending.abort());

try {
  const config = decodeConfig(process.env);
  const { hearStops, close } = await listenForStops(config);
  const tell = (told: object) => console.log(JSON.stringify({ level: 30, ...told }));
  await keepRunning(config, tell, hearStops, ending.signal).finally(close);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
}
