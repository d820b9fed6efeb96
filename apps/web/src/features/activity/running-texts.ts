import type { RunningCommand } from "@threadbox/contracts/processes";
import { runningText } from "../../lib/duration.ts";
import { sizeText } from "../../lib/size.ts";

/** What the page says of the commands that run on a thread's computer. */
export const runningTexts = {
  title: "Running now",
  failed: "Can’t see what’s running.",
  by: { agent: "By the agent", terminal: "In a terminal", background: "In the background" },
  stop: (command: string) => `Stop ${command}`,
  stopFailed: "Can’t stop it.",
  unreachable: "Can’t reach the sandbox service.",
  unnamed: "A program without a name",
} as const;

/** Who started it, for how long it has run, and what it takes. */
export const runningDetail = ({ by, ageMs, memoryBytes, processes }: RunningCommand): string =>
  [
    runningTexts.by[by],
    runningText(ageMs),
    sizeText(memoryBytes),
    processes > 1 ? `${processes.toLocaleString("en")} processes` : "",
  ]
    .filter((part) => part !== "")
    .join(" · ");
