/** Characters of text or JSON that make one token, about. */
const charactersPerToken = 4;
/** What stands around one tool call and its answer in a conversation: names, ids, roles. */
const frameTokens = 25;

const tokensOf = (characters: number): number => Math.ceil(characters / charactersPerToken);

/** One tool call as the model would have written and read it, in characters of JSON. */
export interface CallSize {
  readonly input: number;
  readonly answer: number;
}

/**
 * Tokens that the same calls would have cost as single ones more than the program did, each counted once: what is written and
 * what is read. What a model reads again with every step is not counted, so that it is rather too little than too much.
 */
export const tokensSaved = (calls: readonly CallSize[], program: number, report: number): number => {
  const single = calls.reduce((sum, { input, answer }) => sum + tokensOf(input) + tokensOf(answer) + frameTokens, 0);
  return single - (tokensOf(program) + tokensOf(report) + frameTokens);
};
