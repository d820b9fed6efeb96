/** What the card of a program says. */
export const programTexts = {
  withCalls: (count: number) => `a program with ${count} tool ${count === 1 ? "call" : "calls"}`,
  program: "Program",
  copyProgram: "Copy program",
  calls: "Tool calls",
  refused: "refused",
  done: "done",
  printed: "Printed",
  result: "Result",
  nothing: "It returned nothing.",
  decision: "Permission",
  decisions: {
    applied: "Allowed. Its changes are made.",
    failed: "Allowed, but its changes couldn’t be made.",
    denied: "Denied. Nothing was changed.",
    expired: "Nobody answered in time. Nothing was changed.",
    withdrawn: "Stopped before anybody answered. Nothing was changed.",
  },
} as const;
