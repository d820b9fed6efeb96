/** One message of a made-up conversation, as the product stores it. */
export interface MadeMessage {
  readonly id: string;
  readonly role: "user" | "assistant";
  readonly parts: readonly Readonly<Record<string, unknown>>[];
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** When the conversation began, in milliseconds since 1970. */
const beganAt = 1_700_000_000_000;
const turnMs = 60_000;

const code = (at: number): string =>
  [
    "```ts",
    `export const step${at} = (input: readonly number[]): number =>`,
    "  input",
    "    .map((value) => value * 2)",
    "    .filter((value) => value % 3 === 0)",
    "    .reduce((sum, value) => sum + value, 0);",
    "```",
  ].join("\n");

const answerText = (at: number): string =>
  [
    `Step ${at} reads the rows, keeps those that changed and writes them back. It is **idempotent**, so a second run does nothing.`,
    ...(at % 2 === 0 ? [code(at)] : []),
    "- the first run took longer, since nothing was cached\n- the second one found everything in place\n- `npm test` passes",
    ...(at % 3 === 0
      ? [
          "A longer paragraph follows, as explanations do: what was tried first, why that did not hold, and what stands now. ".repeat(
            3,
          ),
        ]
      : []),
  ].join("\n\n");

const command = (at: number) => ({
  type: "dynamic-tool",
  toolName: "bash",
  toolCallId: `call-${at}`,
  state: "output-available",
  input: { command: `npm test -- --only step-${at}` },
  output: {
    text: Array.from({ length: 12 }, (_, line) => `ok ${line + 1} - step ${at} holds for row ${line}`).join("\n"),
    isTruncated: false,
    exitCode: 0,
    startedAt: beganAt + at * turnMs,
    endedAt: beganAt + at * turnMs + 1_200,
    files: [],
  },
});

/** Questions and answers in turn: text, lists, code in every fourth message, a command in two of three answers. */
export const longTranscript = (count: number): readonly MadeMessage[] =>
  Array.from({ length: count }, (_, at): MadeMessage => {
    const id = `made-${count}-${at}`;
    if (at % 2 === 0)
      return { id, role: "user", parts: [{ type: "text", text: `Go on with step ${at}, and run its tests.` }] };
    const turn = (at - 1) / 2;
    const startedAt = beganAt + turn * turnMs;
    return {
      id,
      role: "assistant",
      parts: [...(turn % 3 === 0 ? [] : [command(turn)]), { type: "text", text: answerText(turn) }],
      metadata: { turnId: `turn-${count}-${turn}`, state: "settled", startedAt, endedAt: startedAt + 8_000 },
    };
  });

export const textOf = ({ parts }: MadeMessage): string =>
  parts.flatMap(({ type, text }) => (type === "text" ? [String(text)] : [])).join("\n\n");
