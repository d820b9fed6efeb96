const dayOf = (at: number): string =>
  new Date(at).toLocaleDateString([], { weekday: "long", month: "long", day: "numeric" });

export const timeOf = (at: number): string =>
  new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** A time within a sentence: today's without its day. */
export const whenText = (at: number, now: number): string =>
  dayOf(at) === dayOf(now) ? timeOf(at) : `${dayOf(at)}, ${timeOf(at)}`;

/** Things with their times, by day, in the order in which they come. */
export const byDay = <A extends { readonly at: number }>(
  things: readonly A[],
): readonly { readonly day: string; readonly things: readonly A[] }[] => {
  const days = new Map<string, A[]>();
  for (const thing of things) {
    const day = dayOf(thing.at);
    const known = days.get(day);
    if (known === undefined) days.set(day, [thing]);
    else known.push(thing);
  }
  return [...days].map(([day, ofDay]) => ({ day, things: ofDay }));
};
