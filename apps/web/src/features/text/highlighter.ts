import type { CodeToken, HighlightAnswer, HighlightRequest } from "./highlight-tokens.ts";

/** Work that takes longer is given up, and the code stays as it is. The first block also waits for the code to load. */
const timeoutMs = 300;
const firstTimeoutMs = 5_000;
const lengthMax = 60_000;
const keptMax = 200;

interface Pending {
  readonly resolve: (tokens: readonly CodeToken[] | null) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

let worker: Worker | null = null;
let isWarm = false;
let lastId = 0;
const pending = new Map<number, Pending>();
const kept = new Map<string, Promise<readonly CodeToken[] | null>>();

const settle = (id: number, tokens: readonly CodeToken[] | null): void => {
  const waiting = pending.get(id);
  if (waiting === undefined) return;
  clearTimeout(waiting.timer);
  pending.delete(id);
  waiting.resolve(tokens);
};

/** Ends a worker that hangs; whoever else waits for it gets plain code. */
const giveUp = (): void => {
  worker?.terminate();
  worker = null;
  isWarm = false;
  for (const id of [...pending.keys()]) settle(id, null);
};

const openWorker = (): Worker => {
  const opened = new Worker(new URL("./highlight.worker.ts", import.meta.url), { type: "module" });
  opened.addEventListener("message", ({ data }: MessageEvent<HighlightAnswer>) => {
    isWarm = true;
    settle(data.id, data.tokens);
  });
  opened.addEventListener("error", giveUp);
  return opened;
};

/** The tokens of a block of code, or null where it is to be shown as it is. */
export const highlight = (code: string, language: string): Promise<readonly CodeToken[] | null> => {
  if (language === "" || code.length > lengthMax) return Promise.resolve(null);
  const key = `${language}\n${code}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const asked = new Promise<readonly CodeToken[] | null>((resolve) => {
    worker ??= openWorker();
    lastId += 1;
    // A queue behind one block is not the fault of the next: each gets its own time for each that waits.
    const patience = (isWarm ? timeoutMs : firstTimeoutMs) * (pending.size + 1);
    pending.set(lastId, { resolve, timer: setTimeout(giveUp, patience) });
    worker.postMessage({ id: lastId, code, language } satisfies HighlightRequest);
  });
  kept.set(key, asked);
  const oldest = kept.keys().next().value;
  if (kept.size > keptMax && oldest !== undefined) kept.delete(oldest);
  return asked;
};
