import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { dirname, resolve } from "node:path";

/** Tells where in its sources something in a bundled script lies. */
export class SourcePlaces {
  readonly #scripts: readonly string[];
  readonly #maps = new Map<string, SourceMap>();

  /** `scripts`: absolute paths; the source map beside one is read when it is first needed. */
  constructor(scripts: readonly string[]) {
    this.#scripts = scripts;
  }

  /** The text of a stack with the absolute places in the sources instead of those in the scripts. */
  mapStack(stack: string): string {
    return stack
      .split("\n")
      .map((line) => this.#mapLine(line))
      .join("\n");
  }

  #mapLine(line: string): string {
    const script = this.#scripts.find((file) => line.includes(`${file}:`));
    if (script === undefined || !line.trimStart().startsWith("at ")) return line;
    const start = line.lastIndexOf(`${script}:`);
    const [, row, column, rest] = /^:(\d+):(\d+)(\)?)$/.exec(line.slice(start + script.length)) ?? [];
    if (row === undefined || column === undefined) return line;
    const entry = this.#mapOf(script).findEntry(Number(row) - 1, Number(column) - 1);
    if (!("originalSource" in entry)) return line;
    const source = resolve(dirname(script), entry.originalSource);
    return `${line.slice(0, start)}${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}${rest}`;
  }

  #mapOf(script: string): SourceMap {
    const known = this.#maps.get(script);
    if (known !== undefined) return known;
    const map = new SourceMap(JSON.parse(readFileSync(`${script}.map`, "utf8")));
    this.#maps.set(script, map);
    return map;
  }
}
