const relative = new Intl.RelativeTimeFormat("en");

const steps = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
] as const;

/** How long ago, for people, in the largest unit there is one of: just now, 8 seconds ago, 3 days ago. `ms` since then. */
export const agoText = (ms: number): string => {
  const step = steps.find(([, length]) => ms >= length);
  if (step === undefined || ms < 2_000) return "just now";
  const [unit, length] = step;
  return relative.format(-Math.floor(ms / length), unit);
};
