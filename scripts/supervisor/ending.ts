const endings = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Aborted when this process is to end: by a signal, or because the one that started it is gone, which is seen where there
 * is a channel to it. From then on this process ends itself.
 */
export const whenToEnd = (): AbortSignal => {
  const ending = new AbortController();
  const end = () => ending.abort();
  for (const signal of endings) process.on(signal, end);
  process.once("disconnect", end);
  // A terminal that was closed or a pipe nobody reads any more is no reason to leave the others running.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  return ending.signal;
};
