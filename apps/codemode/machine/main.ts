import { decodeConfig } from "./config.ts";
import { keepRunning } from "./keep-running.ts";

const ending = new AbortController();
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => ending.abort());

try {
  const tell = (told: object) => console.log(JSON.stringify({ level: 30, ...told }));
  await keepRunning(decodeConfig(process.env), tell, ending.signal);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
}
