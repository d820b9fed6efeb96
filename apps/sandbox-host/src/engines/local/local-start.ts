import type { Logger } from "pino";
import type { Config } from "../../config.ts";
import type { FindCertificate } from "../../egress/certificates.ts";
import { openWay } from "../../egress/way.ts";
import { HostError, sandboxUnavailable } from "../../errors.ts";
import type { RunningSandbox, SandboxStart } from "../engine.ts";
import type { LaunchSandbox } from "../launched.ts";
import { bootSandbox } from "./boot.ts";
import type { DisksInUse } from "./disks/shared-disks.ts";
import type { HostUser } from "./host-user.ts";
import type { LocalMachine } from "./local-machine.ts";
import { warmUp } from "./readiness.ts";
import { runningSandbox } from "./running-sandbox.ts";
import type { SandboxFolders } from "./sandbox-folders.ts";

/** How long a start waits for what a trusted workspace brings: OpenCode fetches packages for its plugins. */
const trustedMsMax = 60_000;

export interface LocalStartOptions {
  readonly machine: LocalMachine;
  readonly config: Config;
  readonly log: Logger;
  readonly folders: SandboxFolders;
  readonly user: HostUser | undefined;
  readonly findCertificate: FindCertificate;
  /** The sandbox's disks, until they are released. */
  readonly useDisks: () => Promise<DisksInUse>;
  /** What shuts its processes in. */
  readonly launch: LaunchSandbox;
  /** Runs what takes long with a word for it, which whoever waits is told. */
  readonly during: (step: string, act: () => Promise<void>) => Promise<void>;
  readonly start: SandboxStart;
  readonly signal: AbortSignal;
}

/** Starts one sandbox. Rejects with `HostError` after everything has been undone. */
export const startLocalSandbox = async (options: LocalStartOptions): Promise<RunningSandbox> => {
  const { config, log, start, during, findCertificate, useDisks } = options;
  const { name, request, traffic } = start;
  const booted = await bootSandbox({
    ...options,
    name,
    request,
    traffic,
    way: openWay(config, start, findCertificate, log),
    useDisks: async () => {
      const { disks, release } = await useDisks();
      return { disks: () => disks, release };
    },
  });
  const { control, ended, relay } = booted;
  const warm = warmUp(control, request.openCodePassword, trustedMsMax);
  if (request.trustsWorkspace === true) {
    const failed = ended.then((end) => Promise.reject(new HostError("SandboxUnavailable", end.reason)));
    try {
      // What a trusted workspace brings may have to be installed first, and no request is answered before.
      await during("Installing what the repository brings for OpenCode", () => Promise.race([warm, failed]));
    } catch (error) {
      throw error instanceof HostError ? error : sandboxUnavailable("OpenCode didn't start in time.", error);
    }
  }
  return runningSandbox({ ...booted, reconsiderEgress: relay.reconsider, openCodeMib: config.openCodeMib });
};
