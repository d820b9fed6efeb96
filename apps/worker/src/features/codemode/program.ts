import type { Schema } from "effect";

/** A program as it is run. */
export interface Program {
  readonly text: string;
  /** Names it and what it is run with. */
  readonly hash: string;
  /** What it is run with; absent: nothing. */
  readonly input?: Schema.Json;
}
