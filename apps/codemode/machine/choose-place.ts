/** What is known of one process that runs programs. */
export interface PlaceView {
  /** It has answered since it started and since its last run was over. */
  readonly isAnswering: boolean;
  /** The thread of each run in it. */
  readonly threads: readonly string[];
}

const fewest = <P extends PlaceView>(places: readonly P[]): P | undefined =>
  places.reduce<P | undefined>(
    (best, each) => (best === undefined || each.threads.length < best.threads.length ? each : best),
    undefined,
  );

/**
 * The place of a new run; null: one that is still to be started. As long as there may be another process each run has one to
 * itself. Beyond that the runs of one thread share theirs, so that who runs many endangers their own first.
 */
export const choosePlace = <P extends PlaceView>(places: readonly P[], thread: string, placesMax: number): P | null => {
  const empty = places.filter(({ threads }) => threads.length === 0);
  const alone = empty.find(({ isAnswering }) => isAnswering) ?? empty[0];
  if (alone !== undefined) return alone;
  if (places.length < placesMax) return null;
  return fewest(places.filter(({ threads }) => threads.every((each) => each === thread))) ?? fewest(places) ?? null;
};
