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

/** Reads the command line. Throws one sentence that says what is wrong and how it is used. */
export const parseArguments = (argv: readonly string[], known: readonly string[]): BenchArguments => {
  let ids: readonly string[] = known;
  let blocks: number | undefined;
  let isQuick = false;
  let isAlone = false;
  const rest = [...argv];
  const valueAfter = (option: string): string => {
    const value = rest.shift();
    if (value === undefined) throw new Error(`${option} needs a value; ${usage}`);
    return value;
  };
  for (let option = rest.shift(); option !== undefined; option = rest.shift()) {
    if (option === "--quick") isQuick = true;
    else if (option === "--alone") isAlone = true;
    else if (option === "--only") {
      const wanted = valueAfter(option)
        .split(",")
        .map((id) => id.trim().toUpperCase());
      const stranger = wanted.find((id) => !known.includes(id));
      if (stranger !== undefined)
        throw new Error(`there is no metric ${stranger}, there are ${known.join(", ")}; ${usage}`);
      ids = known.filter((id) => wanted.includes(id));
    } else if (option === "--blocks") {
      blocks = Number(valueAfter(option));
      if (!Number.isInteger(blocks) || blocks < 2 || blocks > blocksMax) {
        throw new Error(`--blocks takes a whole number from 2 to ${blocksMax}; ${usage}`);
      }
    } else throw new Error(`${option} is no option; ${usage}`);
  }
  return { ids, blocks: blocks ?? (isQuick ? blocksQuick : blocksDefault), isQuick, isAlone };
};
