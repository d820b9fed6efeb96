/**
 * Work of which one run goes on at a time: whoever asks meanwhile is owed another one after it, one for all of them, and
 * waits for that.
 */
export const coalesced = (work: () => Promise<void>): (() => Promise<void>) => {
  let running: Promise<void> | null = null;
  let isOwed = false;
  const run = async (): Promise<void> => {
    do {
      isOwed = false;
      await work();
    } while (isOwed);
  };
  return () => {
    if (running !== null) {
      isOwed = true;
      return running;
    }
    running = run().finally(() => {
      running = null;
    });
    return running;
  };
};
