import type { SandboxLimits } from "../config.ts";
import type { HostUser } from "../engines/local/host-user.ts";
import type { Jail, LaunchOptions } from "../engines/local/launch.ts";
import type { JailProfile } from "../engines/local/profile.ts";
import { keepTail } from "../engines/local/supervisor-channel.ts";

/** Behind what people wait for, but not so far that a busy machine never comes to it. */
const patiently = ["nice", "-n", "10", "ionice", "-t", "-c", "2", "-n", "7"] as const;
const outputBytesMax = 256 * 1024;

export interface JailedRun {
  readonly launch: (options: LaunchOptions) => Jail;
  readonly profile: JailProfile;
  readonly command: readonly [string, ...string[]];
  readonly limits: SandboxLimits;
  readonly user: HostUser | undefined;
  readonly namespace: string | undefined;
  readonly stdin?: string;
  readonly isPatient: boolean;
  /** Takes what it prints, in pieces of any length. */
  readonly onOutput?: (text: string) => void;
  /** Ends the run, and with it every process of it. */
  readonly signal: AbortSignal;
}

export interface JailedEnd {
  /** Null where it was killed. */
  readonly code: number | null;
  /** The end of standard output. */
  readonly output: string;
  /** The end of what it complained about. */
  readonly complaint: string;
}

/** Runs one program in a jail to its end. Rejects with the signal's reason when that ends it. */
export const runJailed = async (run: JailedRun): Promise<JailedEnd> => {
  run.signal.throwIfAborted();
  const command: LaunchOptions["command"] = run.isPatient ? [...patiently, ...run.command] : run.command;
  const jail = run.launch({ ...run, command });
  run.signal.addEventListener("abort", jail.kill, { once: true });
  const output = keepTail(jail.stdout, outputBytesMax);
  if (run.onOutput !== undefined) jail.stdout.on("data", run.onOutput);
  const complaint = keepTail(jail.stderr, 2_000);
  jail.stdin.end(run.stdin ?? "");
  const { code } = await jail.ended;
  run.signal.removeEventListener("abort", jail.kill);
  run.signal.throwIfAborted();
  return { code, output: output(), complaint: complaint() };
};
