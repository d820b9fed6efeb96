/** How long something took or has been going on, for people: 240 ms, 3.2 s, 48 s, 2 min 5 s, 1 h 4 min. */
export const durationText = (ms: number): string => {
  const whole = Math.max(0, Math.round(ms));
  if (whole < 1_000) return `${whole} ms`;
  if (whole < 10_000) return `${(Math.floor(whole / 100) / 10).toFixed(1)} s`;
  const seconds = Math.floor(whole / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  return minutes % 60 === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};

/** The same for a clock that is being watched: whole seconds only, nothing in the first one. */
export const runningText = (ms: number): string =>
  ms < 1_000 ? "" : durationText(Math.floor(ms / 1_000) * 1_000).replace(/\.0 s$/, " s");
