import type { LackingPart, ProgramCall } from "@threadbox/contracts/codemode";
import { cutText } from "@threadbox/contracts/cut-text";
import type { LiveCall } from "@threadbox/contracts/live";
import type { Schema } from "effect";
import type { ToolRefusedError } from "./errors.ts";
import type { CallSize } from "./token-estimate.ts";

const toolNameMax = 100;
const argsMax = 60;
const refusalMax = 500;

const cut = (line: string): string => (line.length <= argsMax ? line : `${cutText(line, argsMax - 1)}…`);

/** What a tool was given, in one short line: `path: "a.txt"`. */
export const shortArguments = (input: Schema.Json): string => {
  if (typeof input !== "object" || input === null || Array.isArray(input)) return cut(JSON.stringify(input));
  const parts: string[] = [];
  let length = 0;
  for (const [name, value] of Object.entries(input)) {
    const part = `${name}: ${JSON.stringify(typeof value === "string" ? cutText(value, argsMax) : value)}`;
    parts.push(part);
    length += part.length;
    if (length > argsMax) break;
  }
  return cut(parts.join(", "));
};

interface Logged extends CallSize {
  readonly live: LiveCall;
  readonly lacks?: LackingPart;
}

type Refusal = Pick<ToolRefusedError, "message" | "lacks">;

/** The tool calls of one run, as they happen. */
export class CallLog {
  readonly #calls: Logged[] = [];

  /** Answers with what tells of the call's end. `answer`: characters of JSON. */
  begin(tool: string, input: Schema.Json, startedAt: number) {
    const at = this.#calls.length;
    const live: LiveCall = { tool: cutText(tool, toolNameMax), args: shortArguments(input), startedAt };
    const size = { input: JSON.stringify(input).length, answer: 0 };
    this.#calls.push({ live, ...size });
    return (endedAt: number, answer: number, refusal: Refusal | null): void => {
      const ended = { ...live, durationMs: endedAt - startedAt };
      const said = refusal === null ? ended : { ...ended, refusal: cutText(refusal.message, refusalMax) };
      const lacks = refusal?.lacks === undefined ? {} : { lacks: refusal.lacks };
      this.#calls[at] = { live: said, ...size, answer, ...lacks };
    };
  }

  live(): readonly LiveCall[] {
    return this.#calls.map(({ live }) => live);
  }

  sizes(): readonly CallSize[] {
    return this.#calls;
  }

  /** Those that have ended. */
  ended(): readonly ProgramCall[] {
    return this.#calls.flatMap(({ live: { startedAt: _, durationMs, ...call }, lacks }) =>
      durationMs === undefined ? [] : [{ ...call, durationMs, ...(lacks === undefined ? {} : { lacks }) }],
    );
  }
}
