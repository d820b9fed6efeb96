import * as fs from "node:fs/promises";
import * as path from "node:path";
import { SandboxName } from "@threadbox/contracts/ids";
import { Schema } from "effect";
import type { Logger } from "pino";
import { removeControlGroup, thawControlGroup } from "./control-groups.ts";
import { processStartTime, readRunRecord } from "./run-record.ts";
import { sandboxFolders, warmFolder } from "./sandbox-folders.ts";

const isName = Schema.is(SandboxName);

/** Resolves when the process has ended. */
const killProcess = async (pid: number, startTime: string): Promise<void> => {
  while ((await processStartTime(pid)) === startTime) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

/** Ends what an earlier host process left running, and removes its control groups, sockets and records. */
export const reapLeftovers = async (state: string, log: Logger): Promise<void> => {
  const entries = await fs.readdir(path.join(state, "run")).catch(() => []);
  for (const name of entries) {
    if (!isName(name)) continue;
    const folders = sandboxFolders(state, name);
    const record = await readRunRecord(folders.record);
    if (record) await thawControlGroup(record.controlGroup);
    if (record?.process) await killProcess(record.process.pid, record.process.startTime);
    if (record) await removeControlGroup(record.controlGroup);
    await fs.rm(folders.run, { recursive: true, force: true });
    log.warn({ event: "sandbox.reaped", sandbox: name }, "a sandbox of an earlier host process was removed");
  }
  // What was nobody's is not missed by anybody.
  await fs.rm(warmFolder(state), { recursive: true, force: true });
};
