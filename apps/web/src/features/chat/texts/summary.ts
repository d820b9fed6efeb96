interface Summary {
  readonly steps: number;
  readonly failed: number;
  readonly files: number;
  readonly tokens: number;
}

/** What a turn came to, as one line; without what there was none of. */
export const summaryText = ({ steps, failed, files, tokens }: Summary): string =>
  [
    ...(steps === 0
      ? []
      : [`Ran ${steps} ${steps === 1 ? "step" : "steps"}${failed === 0 ? "" : `, ${failed} failed`}`]),
    ...(files === 0 ? [] : [`${files} ${files === 1 ? "file" : "files"} changed`]),
    ...(tokens === 0 ? [] : [`${tokens.toLocaleString("en")} ${tokens === 1 ? "token" : "tokens"}`]),
  ].join(" · ");
