/** What the card of a program says. */
export const programTexts = {
  withCalls: (count: number) => `a program with ${count} tool ${count === 1 ? "call" : "calls"}`,
  program: "Program",
  copyProgram: "Copy program",
  calls: "Tool calls",
  refused: "refused",
  done: "done",
  running: "running",
  unfinished: "stopped",
  waitsForYou: "Waiting for you",
  noCallsYet: "No tool calls yet",
  stopped: "It was stopped before it returned.",
  sent: "Sent",
  tokens: (saved: number) =>
    saved >= 0
      ? `About ${saved.toLocaleString("en")} tokens saved`
      : `About ${(-saved).toLocaleString("en")} tokens more than single calls`,
  took: (time: string) => `Ran for ${time}`,
  tokensHow: "How this is estimated",
  tokensWhy:
    "An estimate: what the same tool calls would have written and read one by one, less this program and its report, at four characters a token. What a model reads again at every step isn’t counted.",
  printed: "Printed",
  result: "Result",
  nothing: "It returned nothing.",
  decision: "Permission",
  decisions: {
    applied: "Allowed, and done.",
    failed: "Allowed, but it couldn’t be done.",
    denied: "Denied. Nothing was changed, and nothing was sent.",
    expired: "Nobody answered in time. Nothing was changed, and nothing was sent.",
    withdrawn: "Stopped before anybody answered. Nothing was changed, and nothing was sent.",
  },
} as const;
