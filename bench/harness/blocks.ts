/** What one subject did in one block. */
export interface Observation {
  /** Samples by measure, e.g. `{ wallMs: [3.1, 2.9] }`; a measure means the same for every subject of a series. */
  readonly samples: Readonly<Record<string, readonly number[]>>;
  /** What went wrong, by kind; every kind that is watched is named, with 0 where all went well. */
  readonly faults: Readonly<Record<string, number>>;
}

/** One of the things that are compared: the product, the floor or a peer. */
export interface Subject {
  readonly name: string;
  readonly observe: (block: number) => Promise<Observation>;
}

export interface Block {
  readonly index: number;
  /** Names of the subjects in the order in which they ran. */
  readonly order: readonly string[];
  readonly observations: Readonly<Record<string, Observation>>;
}

/** 0, 1, n-1, 2, n-2, …: neighbours differ by another number each time. */
const zigzag = (length: number): readonly number[] =>
  Array.from({ length }, (_, place) => (place % 2 === 1 ? (place + 1) / 2 : (length - place / 2) % length));

/**
 * The order of a block in a balanced square (Williams): over as many blocks as there are items, twice as many for an odd
 * number, each takes each place and follows each other one equally often. What a subject leaves behind, a cold cache or
 * a busy processor, so meets all others alike.
 */
export const balanced = <Item>(items: readonly Item[], block: number): readonly Item[] => {
  const { length } = items;
  const order = zigzag(length).map((place) => items[(place + block) % length] as Item);
  return length % 2 === 1 && Math.floor(block / length) % 2 === 1 ? order.toReversed() : order;
};

/**
 * Runs every subject once per block, one after the other, so that a machine that slows down slows all of them alike.
 * The warm-up blocks run in the same way and are forgotten.
 */
export const runBlocks = async (
  subjects: readonly Subject[],
  options: { readonly blocks: number; readonly warmUps: number; readonly onBlock?: (done: number) => void },
): Promise<readonly Block[]> => {
  const kept: Block[] = [];
  for (let index = -options.warmUps; index < options.blocks; index++) {
    const order = balanced(subjects, index + options.warmUps);
    const observations: Record<string, Observation> = {};
    for (const subject of order) observations[subject.name] = await subject.observe(index);
    if (index >= 0) kept.push({ index, order: order.map(({ name }) => name), observations });
    options.onBlock?.(kept.length);
  }
  return kept;
};

/** Samples of a measure, one list per block, for the results file. */
export const samplesOf = (blocks: readonly Block[], subject: string, measure: string): readonly (readonly number[])[] =>
  blocks.map(({ observations }) => observations[subject]?.samples[measure] ?? []);

/** Faults of a subject over all blocks, by kind. */
export const faultsOf = (blocks: readonly Block[], subject: string): Readonly<Record<string, number>> => {
  const total: Record<string, number> = {};
  for (const { observations } of blocks) {
    for (const [kind, count] of Object.entries(observations[subject]?.faults ?? {})) {
      total[kind] = (total[kind] ?? 0) + count;
    }
  }
  return total;
};
