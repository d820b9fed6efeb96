import { Duplex, PassThrough } from "node:stream";
import type { Generation, SandboxName } from "@threadbox/contracts/ids";
import type { ExecResult } from "@threadbox/contracts/sandbox-host";
import { HostError, interrupted } from "../errors.ts";
import type { RunningSandbox, SandboxEnd, SandboxEngine, SandboxStart } from "./engine.ts";

/** One start that a `FakeEngine` was asked for; the test decides how it goes on. */
export interface FakeStart {
  readonly name: SandboxName;
  readonly generation: Generation;
  becomeReady(): void;
  fail(reason: string): void;
  /** Ends a running sandbox as a crash would. */
  crash(reason: string): void;
  hasEnded(): boolean;
  /** What was done to its processes, in order. */
  readonly rest: readonly ("freeze" | "thaw")[];
  /** One of its processes has ended while it was frozen. */
  hurt(): void;
  /** Its processes have worked for so long. */
  work(ms: number): void;
}

/** An engine without processes. Starts wait until the test decides them, unless `isInstant`. */
export interface FakeEngine extends SandboxEngine {
  readonly starts: readonly FakeStart[];
  readonly removed: readonly SandboxName[];
  /** Resolves when the engine has been asked for so many starts. */
  started(count: number): Promise<void>;
}

export const execResult: ExecResult = {
  exitCode: 0,
  stdout: "",
  stderr: "",
  isTruncated: false,
  isTimedOut: false,
  durationMs: 1,
};

export const fakeEngine = ({
  isInstant = false,
  workspace,
  connect = () => Duplex.from(new PassThrough()),
  exec = async () => execResult,
  reconsiderEgress = async () => 0,
}: {
  isInstant?: boolean;
  workspace?: string;
  /** What is behind every port. */
  connect?: () => Duplex;
  exec?: () => Promise<ExecResult>;
  reconsiderEgress?: () => Promise<number>;
} = {}): FakeEngine => {
  const starts: FakeStart[] = [];
  const removed: SandboxName[] = [];
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];

  const start = ({ name, request }: SandboxStart, signal: AbortSignal): Promise<RunningSandbox> => {
    const ready = Promise.withResolvers<RunningSandbox>();
    const ended = Promise.withResolvers<SandboxEnd>();
    let hasEnded = false;
    const rest: ("freeze" | "thaw")[] = [];
    let isHurt = false;
    let processorMs = 0;
    const end = (how: SandboxEnd): void => {
      hasEnded = true;
      ended.resolve(how);
    };
    const running: RunningSandbox = {
      startedInMs: 5,
      ended: ended.promise,
      connect,
      exec,
      reconsiderEgress,
      tellSecret: async () => ({ outcome: "unused", version: null }),
      trial: async () => ({ result: execResult, changes: [], unshown: [] }),
      freeze: () => void rest.push("freeze"),
      thaw: () => void rest.push("thaw"),
      isHurt: () => isHurt,
      processorMs: () => processorMs,
      recycleOpenCode: async () => ({ isRecycled: false, memoryMib: 300 }),
      stop: async (reason) => end({ status: "stopped", reason }),
    };
    const one: FakeStart = {
      name,
      generation: request.generation,
      becomeReady: () => ready.resolve(running),
      fail: (reason) => {
        hasEnded = true;
        ready.reject(new HostError("SandboxUnavailable", reason));
      },
      crash: (reason) => end({ status: "failed", reason }),
      hasEnded: () => hasEnded,
      rest,
      hurt: () => {
        isHurt = true;
      },
      work: (ms) => {
        processorMs += ms;
      },
    };
    signal.addEventListener("abort", () => {
      hasEnded = true;
      ready.reject(interrupted());
    });
    starts.push(one);
    for (const one of waiting) if (starts.length >= one.count) one.resolve();
    if (isInstant) one.becomeReady();
    return ready.promise;
  };

  return {
    kind: "local",
    states: async () => ({ local: { available: true }, docker: { available: false, reason: "No Docker." } }),
    disks: "folders",
    starts,
    removed,
    started: (count) =>
      new Promise((resolve) => (starts.length >= count ? resolve() : waiting.push({ count, resolve }))),
    reap: async () => {},
    start,
    openWorkspace: async () =>
      workspace === undefined ? undefined : { location: { path: workspace }, release: () => {} },
    measureFiles: async () => 0,
    countFolders: async () => [],
    stepOf: () => undefined,
    save: async () => ({ id: "snapshot", at: 0, bytes: 0 }),
    listPoints: async () => [],
    comparePoint: async () => ({ back: 0, changed: 0, gone: 0, rows: [], isCut: false }),
    abandonSaves: async () => {},
    removeFiles: async (name) => {
      removed.push(name);
    },
  };
};
