/** Does something again and again, one time after the other. Returns the end of it, which waits for what is being done. */
export const repeat = (
  everyMs: number,
  act: () => Promise<unknown>,
  onError: (error: unknown) => void,
): (() => Promise<void>) => {
  let acting: Promise<void> | null = null;
  const timer = setInterval(() => {
    acting ??= act()
      .catch(onError)
      .then(() => {
        acting = null;
      });
  }, everyMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await acting;
  };
};
