/** What a page may weigh, in kB of gzip, and of how many files it may be made. */
export interface Budget {
  readonly jsKb: number;
  readonly cssKb: number;
  readonly files: number;
}

/** One line for each limit that is exceeded. */
export const excessOver = (budget: Budget, weight: Budget): readonly string[] => [
  ...(["jsKb", "cssKb"] as const).flatMap((key) =>
    weight[key] > budget[key] ? [`${key} is ${weight[key].toFixed(2)}, budgeted ${budget[key]}`] : [],
  ),
  ...(weight.files > budget.files ? [`files are ${weight.files}, budgeted ${budget.files}`] : []),
];
