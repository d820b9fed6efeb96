import { cutText } from "@threadbox/contracts/cut-text";
import type { CloneProblem, CloneStep } from "@threadbox/contracts/repository";
import { repositoryLimits } from "@threadbox/contracts/repository-url";
import type { ExecResult } from "@threadbox/contracts/sandbox-host";

/** What the program that reads said, before anything in the workspace has been looked at. */
export type HeardClone =
  | { readonly status: "none" }
  | {
      readonly status: "running";
      readonly url: string;
      readonly step: CloneStep;
      readonly percent?: number;
      readonly received?: string;
    }
  | { readonly status: "failed"; readonly url: string; readonly problem: CloneProblem; readonly detail?: string }
  | { readonly status: "done"; readonly url: string; readonly commit: string | null; readonly branch: string | null };

const steps: readonly (readonly [RegExp, CloneStep])[] = [
  [/^(?:Updating files|Checking out)/, "writing"],
  [/^Resolving/, "resolving"],
  [/^Receiving/, "receiving"],
  [/^(?:remote: )?(?:Enumerating|Counting|Compressing)/, "counting"],
];

const problems: readonly (readonly [RegExp, CloneProblem])[] = [
  [/CONNECT tunnel failed, response 403|returned error: 403/, "blocked"],
  [/CONNECT tunnel failed|Could not resolve|Failed to connect|Connection (?:refused|reset|timed out)/, "unreachable"],
  [/certificate|SSL|TLS/, "certificate"],
  [/Remote branch .* not found/, "branch"],
  [/could not read (?:Username|Password)|Authentication failed|repository .* not found|error: (?:401|404)/i, "private"],
  [/No space left|Disk quota exceeded/, "full"],
];

const detailLengthMax = 300;
const timedOutExit = "124";

const linesOf = (log: string): readonly string[] =>
  log
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== "");

const progressIn = (log: string) => {
  const last = linesOf(log).at(-1) ?? "";
  const step = steps.find(([pattern]) => pattern.test(last))?.[1] ?? "connecting";
  const percent = /\s(\d{1,3})%/.exec(last)?.[1];
  const received = /,\s(\d+(?:\.\d+)? (?:bytes|[KMG]iB))/.exec(last)?.[1];
  return {
    step,
    ...(percent === undefined ? {} : { percent: Math.min(Number(percent), 100) }),
    ...(received === undefined ? {} : { received }),
  };
};

const failureIn = (log: string, code: string) => {
  const fault = linesOf(log).findLast((line) => /^(?:fatal|error): /.test(line));
  const known = problems.find(([pattern]) => pattern.test(log))?.[1];
  const problem: CloneProblem = code === "interrupted" ? code : code === timedOutExit ? "slow" : (known ?? "other");
  return { problem, ...(fault === undefined ? {} : { detail: cutText(fault, detailLengthMax) }) };
};

/** Whoever wrote it may lie, so each part is cut, and taken only where it has its form. */
export const readClone = ({ stdout }: Pick<ExecResult, "stdout">): HeardClone => {
  const [now = "", url = "", log = "", commit = "", branch = ""] = stdout.split("\0");
  if (now === "none" || url === "") return { status: "none" };
  const asked = { url: cutText(url, repositoryLimits.urlLengthMax) };
  if (now === "running") return { status: "running", ...asked, ...progressIn(log) };
  if (now !== "0") return { status: "failed", ...asked, ...failureIn(log, now) };
  return {
    status: "done",
    ...asked,
    commit: /^[0-9a-f]{40,64}$/.test(commit) ? commit : null,
    branch: branch === "" ? null : cutText(branch, repositoryLimits.branchLengthMax),
  };
};
