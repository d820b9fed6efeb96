export interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** What failed: file, name and the first lines of why, for the end of a long output. */
  readonly failures: readonly string[];
}

const maxReasonLines = 12;

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal are what is taken out
const colours = /\u001b\[[0-9;]*m/g;

const failure = (file: string, title: string, reason: string): string => {
  const lines = reason.replace(colours, "").split("\n");
  const said = lines.slice(0, maxReasonLines).map((line) => `    ${line}`);
  return [`${file} › ${title}`, ...said].join("\n");
};

export const addTallies = (a: Tally, b: Tally): Tally => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  failures: [...a.failures, ...b.failures],
});

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages?: readonly string[] | null;
    }[];
  }[];
}

/** Counts of vitest's JSON report; a file that does not load, or whose hooks fail, counts as one failed test. */
export const vitestTally = (report: unknown): Tally => {
  const { numPassedTests, numFailedTests, testResults } = report as VitestReport;
  // A hook that fails after its tests leaves them passed, and the file failed.
  const unsound = testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && !assertionResults.some((assertion) => assertion.status === "failed"),
  );
  const failures = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === "failed")
      .map(({ fullName, failureMessages }) => failure(name, fullName, failureMessages?.[0] ?? "")),
  );
  return {
    passed: numPassedTests,
    failed: numFailedTests + unsound.length,
    failures: [...failures, ...unsound.map(({ name, message = "" }) => failure(name, "outside of its tests", message))],
  };
};

const unhandled = "Unhandled Errors";

/** A run that failed without a failed test: what its output says of errors that no test caught. */
export const runnerFailure = (name: string, output: string): string => {
  const plain = output.replace(colours, "");
  const at = plain.lastIndexOf(unhandled);
  const said = at < 0 ? plain.trimEnd().split("\n").slice(-maxReasonLines) : plain.slice(at).split("\n");
  return failure(name, "outside of its tests", said.filter((line) => line.trim() !== "").join("\n"));
};

interface PlaywrightSuite {
  readonly suites?: readonly PlaywrightSuite[];
  readonly specs?: readonly {
    readonly title: string;
    readonly file: string;
    readonly line: number;
    readonly tests: readonly {
      readonly status: string;
      readonly results: readonly { readonly error?: { readonly message?: string } }[];
    }[];
  }[];
}

interface PlaywrightReport extends PlaywrightSuite {
  readonly stats: { readonly expected: number; readonly unexpected: number; readonly flaky: number };
  readonly errors?: readonly { readonly message?: string }[];
}

const failedSpecs = ({ suites = [], specs = [] }: PlaywrightSuite): readonly string[] => [
  ...specs.flatMap(({ title, file, line, tests }) =>
    tests
      .filter(({ status }) => status === "unexpected" || status === "flaky")
      .map(({ results }) =>
        failure(`${file}:${line}`, title, results.find(({ error }) => error !== undefined)?.error?.message ?? ""),
      ),
  ),
  ...suites.flatMap(failedSpecs),
];

/** Counts of Playwright's JSON report; a flaky test counts as failed. */
export const playwrightTally = (report: unknown): Tally => {
  const { stats, errors = [], ...suite } = report as PlaywrightReport;
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + errors.length,
    failures: [
      ...failedSpecs(suite),
      ...errors.map(({ message = "" }) => failure("e2e", "outside of a test", message)),
    ],
  };
};
