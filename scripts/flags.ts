import { type ParseArgsConfig, type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { refuse } from "./bootstrap.mjs";

/** The program's flags, decoded; ends the program with one sentence where it doesn't know one. */
export const flagsOf = <const Options extends ParseArgsOptionsConfig>(options: Options) => {
  try {
    return parseArgs({ options, strict: true, allowPositionals: false } satisfies ParseArgsConfig).values;
  } catch (error) {
    const known = Object.keys(options).map((name) => `--${name}`);
    return refuse(
      `${error instanceof Error ? error.message.split(". ")[0] : error}. The flags are ${known.join(", ")}.`,
    );
  }
};
