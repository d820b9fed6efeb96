import { randomUUID } from "node:crypto";
import * as net from "node:net";
import { reachRows } from "./escape-reach.testing.ts";
import { repositoryRows } from "./escape-repository.testing.ts";
import { resourceRows } from "./escape-resources.testing.ts";
import type { EscapeRow, EscapeTargets } from "./escape-row.testing.ts";
import { syscallRows } from "./escape-syscalls.testing.ts";
import { isMachine } from "./syscalls.ts";

/** All that no sandbox may do, however it is shut in. */
export const escapeRows = (): readonly EscapeRow[] => [
  ...(isMachine(process.arch) ? syscallRows(process.arch) : []),
  ...reachRows,
  ...repositoryRows,
  ...resourceRows,
];

export interface OpenTargets {
  readonly targets: EscapeTargets;
  close(): void;
}

const listen = async (address: string | number): Promise<net.Server> => {
  const server = net.createServer((socket) => socket.on("error", () => {}).end("hello"));
  await new Promise<void>((done) => {
    if (typeof address === "number") server.listen(address, "127.0.0.1", done);
    else server.listen(address, done);
  });
  return server;
};

/** What a sandbox is to reach for. */
export const openTargets = async (statePath: string): Promise<OpenTargets> => {
  const abstractSocket = `threadbox-escape-${randomUUID()}`;
  const tcp = await listen(0);
  const servers = [tcp, await listen(`\0${abstractSocket}`)];
  const address = tcp.address();
  return {
    targets: {
      tcpPort: typeof address === "object" && address !== null ? address.port : 0,
      abstractSocket,
      pid: process.pid,
      canary: "canary-of-the-host-environment",
      statePath,
    },
    close: () => {
      for (const server of servers) server.close();
    },
  };
};
