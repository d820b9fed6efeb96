import { type TrialRequest, TrialResult, trialLimits } from "@threadbox/contracts/sandbox-host";
import { Result, Schema } from "effect";
import { HostError, interrupted } from "../../errors.ts";
import { parseWorkspacePath } from "../../files/workspace-path.ts";
import type { TrialStart } from "./inside/protocol.ts";
import { type Jail, type LaunchOptions, launchJail } from "./launch.ts";
import { inside, type JailSources, jailEnvironment, trialFolders, trialProfile } from "./profile.ts";
import { programRequest } from "./running-sandbox.ts";

/** How long after the program's own time limit its traces may take to be read. */
const graceMs = 15_000;
/** What was printed, and what was changed. */
const answerBytesMax = 16 * 1024 * 1024;

const decode = Schema.decodeUnknownResult(Schema.fromJsonString(TrialResult));

export const noCopy = () =>
  new HostError("CapabilityDenied", "This machine can't make a copy of a workspace for a command to be tried on.");

const startOf = ({ exec, files }: TrialRequest): TrialStart => ({
  program: programRequest(exec),
  environment: jailEnvironment,
  files: files.map(({ path, content }) => ({
    path: parseWorkspacePath(path, inside.workspace).join("/"),
    content,
  })),
  workspace: inside.workspace,
  ...trialFolders,
  limits: trialLimits,
});

const answerOf = async (jail: Jail): Promise<string> => {
  const chunks: Buffer[] = [];
  let size = 0;
  jail.stdout.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > answerBytesMax) jail.kill();
    else chunks.push(chunk);
  });
  jail.stderr.resume();
  await jail.ended;
  return Buffer.concat(chunks).toString("utf8");
};

/** `sources`: where they are at present. */
type TrialLaunch = Omit<LaunchOptions, "profile" | "command"> & { readonly sources: () => JailSources };

/** Commands of one sandbox that are tried on copies of its workspace. */
export class Trials {
  readonly #launch: TrialLaunch;
  readonly #running = new Set<Jail>();

  constructor(launch: TrialLaunch) {
    this.#launch = launch;
  }

  async run(request: TrialRequest): Promise<TrialResult> {
    const { sources, ...launch } = this.#launch;
    if (launch.user === undefined) throw noCopy();
    const start = startOf(request);
    const jail = launchJail({
      ...launch,
      profile: trialProfile(sources(), launch.limits),
      command: [`${inside.programs}/node`, "--max-old-space-size=128", `${inside.supervisor}/trial.ts`],
    });
    this.#running.add(jail);
    let isLate = false;
    const limit = setTimeout(() => {
      isLate = true;
      jail.kill();
    }, start.program.timeoutMs + graceMs);
    jail.stdin.end(JSON.stringify(start));
    const answer = decode(await answerOf(jail));
    clearTimeout(limit);
    const wasStopped = !this.#running.delete(jail);
    if (wasStopped) throw interrupted();
    if (isLate) throw new HostError("UpstreamTimeout", "The command did not end in time.");
    if (Result.isFailure(answer)) throw noCopy();
    return answer.success;
  }

  /** Ends all of them; resolves when none is left. */
  async stop(): Promise<void> {
    const running = [...this.#running];
    this.#running.clear();
    for (const jail of running) jail.kill();
    await Promise.all(running.map(({ ended }) => ended));
  }
}
