#!/usr/bin/env node
/** The embedded Convex server as a process, and its verbs. Keys: docs/reference.md; flag `--watch` for development. */
import { pino } from "pino";
import { flagsOf, runCommand } from "./commands.ts";
import { type Config, decodeConfig } from "./config.ts";
import { messageOf } from "./faults.ts";
import { startServer } from "./server.ts";

const log = pino({ name: "convex" });

const fail = (thrown: unknown): never => {
  log.fatal({ err: thrown }, messageOf(thrown));
  process.exit(1);
};

try {
  const word = await runCommand(process.argv.slice(2), process.env, Date.now());
  if (word !== null) {
    console.log(word);
    process.exit(0);
  }
} catch (thrown) {
  console.error(messageOf(thrown));
  process.exit(1);
}

const decode = (): Config => {
  try {
    return decodeConfig(process.env, flagsOf(process.argv.slice(2)));
  } catch (thrown) {
    return fail(thrown);
  }
};

const server = await startServer({ ...decode(), log }).catch(fail);
log.info({ url: server.url }, "convex is ready");

// A bug of the server: its state may be wrong, so it ends and is started again on what it has committed.
process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);

let isStopping = false;
const stop = async (signal: NodeJS.Signals): Promise<void> => {
  if (isStopping) return;
  isStopping = true;
  log.info({ signal }, "convex stops");
  await server.close();
  process.exit(0);
};
process.on("SIGTERM", (signal) => void stop(signal));
process.on("SIGINT", (signal) => void stop(signal));
