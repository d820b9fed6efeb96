import { decodeConfig } from "./config.ts";
import { keepRunning } from "./keep-running.ts";

const ending = new AbortController();
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => ending.abort());

try {
  const config = decodeConfig(process.env);
  await keepRunning(config, (told) => console.log(JSON.stringify({ level: 30, ...told })), ending.signal);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
}
