const steps = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;

/** How long something is good still, for people, in the largest unit there are two of: 7 days, 23 hours, 1 minute. */
export const leftText = (ms: number): string => {
  const [unit, length] = steps.find(([, each]) => ms >= 2 * each) ?? steps[2];
  const count = Math.max(1, Math.round(ms / length));
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
};
