import { Schema } from "effect";
import { TerminalId } from "./ids.ts";
import { terminalLimits } from "./terminal-limits.ts";

const { columnsMax, rowsMax, titleLengthMax, inputLengthMax } = terminalLimits;

const upTo = (max: number) => Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: max }));

/** How large a terminal is, in characters. */
export const TerminalSize = Schema.Struct({ columns: upTo(columnsMax), rows: upTo(rowsMax) });
export type TerminalSize = typeof TerminalSize.Type;

/** A shell that runs, or ran, in a thread's sandbox. */
export const Terminal = Schema.Struct({
  id: TerminalId,
  /** Chosen by whoever renamed it last; plain text. */
  title: Schema.String,
  status: Schema.Literals(["running", "exited"]),
  /** Null while it runs, and where nobody knows. */
  exitCode: Schema.NullOr(Schema.Int),
});
export type Terminal = typeof Terminal.Type;

/** Answer of `GET /api/sandbox/:threadId/terminals`: none where no sandbox runs. */
export const Terminals = Schema.Struct({ terminals: Schema.Array(Terminal) });
export type Terminals = typeof Terminals.Type;

/** Body of `PUT /api/sandbox/:threadId/terminals/:terminalId`. */
export const RenameTerminal = Schema.Struct({
  title: Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(titleLengthMax)),
});
export type RenameTerminal = typeof RenameTerminal.Type;

const Position = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0));

/** What a page says on a terminal's socket, as JSON text. */
export const TerminalPageFrame = Schema.Union([
  Schema.Struct({ type: Schema.Literal("input"), text: Schema.String.check(Schema.isMaxLength(inputLengthMax)) }),
  Schema.Struct({ type: Schema.Literal("size"), size: TerminalSize }),
  /** The page has drawn the output before this position. */
  Schema.Struct({ type: Schema.Literal("taken"), position: Position }),
]);
export type TerminalPageFrame = typeof TerminalPageFrame.Type;

/**
 * What a terminal's socket says besides output, as JSON text. Output is every binary message, as the terminal printed it.
 * Positions count its bytes from the terminal's beginning.
 */
export const TerminalEventFrame = Schema.Union([
  /** The next output begins at `position`; what lies before `liveFrom` was printed earlier. */
  Schema.Struct({ type: Schema.Literal("from"), position: Position, liveFrom: Position }),
  Schema.Struct({ type: Schema.Literal("exited"), exitCode: Schema.NullOr(Schema.Int) }),
]);
export type TerminalEventFrame = typeof TerminalEventFrame.Type;

/** Query parameter of the socket: the position from which the page wants the output. */
export const terminalPositionParameter = "position";
