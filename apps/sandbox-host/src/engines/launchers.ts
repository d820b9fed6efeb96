import type { EngineKind, EngineState, EngineStates } from "@threadbox/contracts/sandbox-host";
import { sandboxUnavailable } from "../errors.ts";
import type { LaunchSandbox } from "./launched.ts";

/** One way of shutting sandboxes in. */
export interface Launcher {
  readonly launch: LaunchSandbox;
  /** Whether it can be had now. */
  state(): Promise<EngineState>;
}

/** Those that this host has. */
export interface Launchers {
  /** What a start gets that names none. */
  readonly default: EngineKind;
  readonly of: Readonly<Record<EngineKind, Launcher | EngineState>>;
}

const kinds = ["local", "docker"] as const satisfies readonly EngineKind[];

const isLauncher = (one: Launcher | EngineState): one is Launcher => "launch" in one;

export const statesOf = async ({ of }: Launchers): Promise<EngineStates> => {
  const states = await Promise.all(
    kinds.map(async (kind) => {
      const one = of[kind];
      return [kind, isLauncher(one) ? await one.state() : one] as const;
    }),
  );
  return Object.fromEntries(states) as Record<EngineKind, EngineState>;
};

/** Throws SandboxUnavailable with the reason. */
export const requireLauncher = ({ of }: Launchers, kind: EngineKind): LaunchSandbox => {
  const one = of[kind];
  if (isLauncher(one)) return one.launch;
  throw sandboxUnavailable(one.available ? "This host runs no such sandboxes." : one.reason);
};
