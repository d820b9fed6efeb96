import { parseArgs } from "node:util";

/** What `npm run bench -- …` was asked for. */
export interface BenchArguments {
  /** Ids of the metrics to run, in the order of the suite. */
  readonly ids: readonly string[];
  readonly blocks: number;
  readonly isQuick: boolean;
  /** Never two OpenCode servers at once. */
  readonly isAlone: boolean;
}

const blocksDefault = 20;
const blocksQuick = 4;
const blocksMax = 200;
const usage = "usage: npm run bench -- [--only M4,M7] [--blocks N] [--quick] [--alone]";

const options = {
  only: { type: "string" },
  blocks: { type: "string" },
  quick: { type: "boolean" },
  alone: { type: "boolean" },
} as const;

const valuesOf = (argv: readonly string[]) => {
  try {
    return parseArgs({ args: [...argv], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message.split(". ")[0] : error}; ${usage}`);
  }
};

const chosenIds = (only: string, known: readonly string[]): readonly string[] => {
  const wanted = only.split(",").map((id) => id.trim().toUpperCase());
  const stranger = wanted.find((id) => !known.includes(id));
  if (stranger !== undefined)
    throw new Error(`there is no metric ${stranger}, there are ${known.join(", ")}; ${usage}`);
  return known.filter((id) => wanted.includes(id));
};

const blockCount = (text: string): number => {
  const blocks = Number(text);
  if (Number.isInteger(blocks) && blocks >= 2 && blocks <= blocksMax) return blocks;
  throw new Error(`--blocks takes a whole number from 2 to ${blocksMax}; ${usage}`);
};

/** Reads the command line. Throws one sentence that says what is wrong and how it is used. */
export const parseArguments = (argv: readonly string[], known: readonly string[]): BenchArguments => {
  const { only, blocks, quick: isQuick = false, alone: isAlone = false } = valuesOf(argv);
  return {
    ids: only === undefined ? known : chosenIds(only, known),
    blocks: blocks === undefined ? (isQuick ? blocksQuick : blocksDefault) : blockCount(blocks),
    isQuick,
    isAlone,
  };
};
