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
} as const;
