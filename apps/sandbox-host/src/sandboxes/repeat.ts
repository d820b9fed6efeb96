/** Does something again and again, one time after the other. Returns the end of it. */
export const repeat = (
  everyMs: number,
  act: () => Promise<unknown>,
  onError: (error: unknown) => void,
): (() => void) => {
  let isActing = false;
  const timer = setInterval(() => {
    if (isActing) return;
    isActing = true;
    act()
      .catch(onError)
      .finally(() => {
        isActing = false;
      });
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
};
