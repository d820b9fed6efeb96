/**
 * How the bench tells its model provider what to answer: a directive in the text of the prompt, because the text is the one
 * thing that reaches the provider through OpenCode and the model gateway alike.
 */
export interface Directive {
  readonly tokens: number;
  /** Wait before the first token. */
  readonly firstMs: number;
  /** Time between tokens. 0: all at once. */
  readonly everyMs: number;
}

export const printDirective = ({ tokens, firstMs, everyMs }: Directive): string =>
  `Answer with bench(tokens=${tokens},first=${firstMs},every=${everyMs}) and nothing else.`;

const tokensMax = 20_000;
const pattern = /bench\(tokens=(\d+),first=(\d+),every=(\d+)\)/g;

/** The last directive in a text; nothing where there is none or where it asks for more than a bench needs. */
export const findDirective = (text: string): Directive | undefined => {
  const last = [...text.matchAll(pattern)].at(-1);
  const [tokens, firstMs, everyMs] = (last ?? []).slice(1).map(Number);
  if (tokens === undefined || firstMs === undefined || everyMs === undefined || tokens > tokensMax) return undefined;
  return { tokens, firstMs, everyMs };
};

/**
 * One token as the provider sends it: its number, and the reading of the machine's monotonic clock, which all
 * processes share, at the moment it was sent. So whoever sees the token knows how long it was under way.
 */
export const printToken = (index: number, sentAtMs: number): string => `${index}@${sentAtMs.toFixed(3)} `;

export interface SentToken {
  readonly index: number;
  readonly sentAtMs: number;
}

/** Finds whole tokens in text that arrives in pieces of any size; what is not whole waits for the next piece. */
export class TokenReader {
  #rest = "";

  read(piece: string): readonly SentToken[] {
    const whole = `${this.#rest}${piece}`.split(" ");
    this.#rest = whole.pop() ?? "";
    return whole.flatMap((word) => {
      const [, index, sentAtMs] = /^(\d+)@(\d+\.\d{3})$/.exec(word) ?? [];
      return index === undefined ? [] : [{ index: Number(index), sentAtMs: Number(sentAtMs) }];
    });
  }
}

/** Milliseconds of the machine's monotonic clock. */
export const machineNowMs = (): number => Number(process.hrtime.bigint() / 1_000n) / 1_000;
