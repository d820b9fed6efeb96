/** How long to wait after an answer before waiting for the next change, and after a failure; in milliseconds. */
const pauseMs = 1_000;
const lookAgainMs = 3_000;

export interface WatchedModels {
  /** The revision that this tab knows; null: none. */
  readonly seen: () => number | null;
  /** Asks, with `seen` waiting for another revision; answers with the revision that is known then. */
  readonly ask: (seen: number | null, signal: AbortSignal) => Promise<number>;
}

const lockName = "threadbox-models";

const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });

/** Waits for changes, one after the other, and tells the other tabs of each. */
const waitOnAndOn = async ({ seen, ask }: WatchedModels, tell: (revision: number) => void, signal: AbortSignal) => {
  while (!signal.aborted) {
    await pause(pauseMs, signal);
    if (signal.aborted) return;
    const before = seen();
    const revision = await ask(before, signal).catch(() => null);
    if (revision === null) await pause(lookAgainMs, signal);
    else if (revision !== before) tell(revision);
  }
};

/**
 * Keeps this tab true. Asks at once; after that one tab of the browser, of those that are looked at, waits for changes at
 * the worker, because a browser has few connections to a host. The others ask when they are told. Where the browser
 * has no locks, every tab waits.
 */
export const watchModels = (models: WatchedModels): { readonly tell: () => void; readonly end: () => void } => {
  const control = new AbortController();
  const { signal } = control;
  const channel = new BroadcastChannel(lockName);
  const tell = (revision: number | null) => channel.postMessage(revision);

  // What is told while an answer is on its way may be newer than that answer.
  let owed = 0;
  const look = async () => {
    owed += 1;
    if (owed > 1) return;
    while (owed > 0 && !signal.aborted) {
      const asked = owed;
      const isHeard = await models.ask(null, signal).then(
        () => true,
        () => false,
      );
      if (isHeard) owed -= asked;
      else await pause(lookAgainMs, signal);
    }
  };
  channel.onmessage = ({ data }) => {
    if (data === null || data !== models.seen()) void look();
  };

  let waiting: AbortController | null = null;
  const wait = () => {
    const isSeen = document.visibilityState === "visible" && navigator.onLine;
    if (isSeen === (waiting !== null)) return;
    waiting?.abort();
    waiting = isSeen ? new AbortController() : null;
    if (waiting === null) return;
    const turn = waiting.signal;
    void look();
    const work = () => waitOnAndOn(models, tell, turn);
    void (navigator.locks?.request(lockName, { signal: turn }, work) ?? work())?.catch(() => undefined);
  };
  wait();
  for (const event of ["online", "offline"]) window.addEventListener(event, wait, { signal });
  document.addEventListener("visibilitychange", wait, { signal });
  if (waiting === null) void look();

  return {
    /** Says that something this tab alone knows has changed. */
    tell: () => tell(null),
    end: () => {
      control.abort();
      waiting?.abort();
      channel.close();
    },
  };
};
