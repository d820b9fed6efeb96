import { randomUUID } from "node:crypto";
import * as net from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { requireSandboxes } from "../../require-sandboxes.testing.ts";
import { reachRows } from "./escape-reach.testing.ts";
import { repositoryRows } from "./escape-repository.testing.ts";
import { escapeDisks, escapeLimits, resourceRows } from "./escape-resources.testing.ts";
import { type EscapeRow, type EscapeTargets, probeProgram, verdictOf } from "./escape-row.testing.ts";
import { syscallRows } from "./escape-syscalls.testing.ts";
import { type JailBench, openJailBench } from "./jail.testing.ts";
import type { LocalMachine } from "./local-machine.ts";
import type { JailProfile } from "./profile.ts";
import { isMachine } from "./syscalls.ts";

const bench = await requireSandboxes(() => openJailBench({ ...escapeLimits, memoryMib: 512 }, escapeDisks));

const rows: readonly EscapeRow[] = [
  ...(isMachine(process.arch) ? syscallRows(process.arch) : []),
  ...reachRows,
  ...repositoryRows,
  ...resourceRows,
];

/** Why this machine cannot hold the row; undefined where it must. */
const missingFor = ({ needs }: EscapeRow, { controlGroups, disks, isRoot }: LocalMachine): string | undefined => {
  if (needs === "controlGroups" && "reason" in controlGroups) return controlGroups.reason;
  if (needs === "diskImages" && disks.kind === "folders") return disks.reason;
  return needs === "root" && !isRoot ? "the host does not run as root" : undefined;
};

const listen = async (address: string | number): Promise<net.Server> => {
  const server = net.createServer((socket) => socket.on("error", () => {}).end("hello"));
  await new Promise<void>((done) => {
    if (typeof address === "number") server.listen(address, "127.0.0.1", done);
    else server.listen(address, done);
  });
  return server;
};

describe.skipIf(bench === undefined)("the jail", () => {
  const servers: net.Server[] = [];
  let targets: EscapeTargets;

  const attempt = async (of: JailBench, profile: JailProfile, row: EscapeRow): Promise<string> => {
    const { output, complaint } = await of.run(profile, escapeLimits, ["perl", "-"], probeProgram(row, targets));
    return output.trim() || `no verdict: ${complaint}`;
  };

  beforeAll(async () => {
    const abstractSocket = `threadbox-escape-${randomUUID()}`;
    const tcp = await listen(0);
    servers.push(tcp, await listen(`\0${abstractSocket}`));
    const address = tcp.address();
    targets = {
      tcpPort: typeof address === "object" && address !== null ? address.port : 0,
      abstractSocket,
      pid: process.pid,
      canary: "canary-of-the-host-environment",
      statePath: bench?.state ?? "",
    };
  });

  afterAll(async () => {
    for (const server of servers) server.close();
    await bench?.close();
  });

  for (const row of rows) {
    test(`${row.id}: contains ${row.name}`, async ({ skip }) => {
      if (bench === undefined) return skip();
      const missing = missingFor(row, bench.machine);
      if (missing !== undefined) return skip(missing);
      const answer = await attempt(bench, bench.profile(escapeLimits), row);
      expect({ verdict: verdictOf(answer), answer }).toEqual({ verdict: "contained", answer });
    });
  }

  const isRoot = process.geteuid?.() === 0;
  for (const row of rows) {
    if (row.isOpenInNaive === "depends" || (row.isOpenInNaive === "asRoot" && !isRoot)) continue;
    test(`${row.id}: a naive jail does not contain ${row.name}`, async ({ skip }) => {
      if (bench === undefined) return skip();
      const answer = await attempt(bench, bench.naive, row);
      expect({ verdict: verdictOf(answer), answer }).toEqual({ verdict: "escaped", answer });
    });
  }
});
