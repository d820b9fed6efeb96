/** What a page may weigh, in kB of gzip, and of how many files it may be made. */
export interface Budget {
  readonly jsKb: number;
  readonly cssKb: number;
  readonly files: number;
}

/** Room for what compresses a little differently; anything larger is a decision. */
export const tolerance = 1.03;

/** One line for each limit that is exceeded. */
export const excessOver = (budget: Budget, weight: Budget): readonly string[] => [
  ...(["jsKb", "cssKb"] as const).flatMap((key) =>
    weight[key] > budget[key] * tolerance
      ? [`${key} is ${weight[key].toFixed(1)}, budgeted ${budget[key]} and ${Math.round((tolerance - 1) * 100)} %`]
      : [],
  ),
  ...(weight.files > budget.files ? [`files are ${weight.files}, budgeted ${budget.files}`] : []),
];
