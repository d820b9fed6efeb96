import type { EgressDenyCause, JournalDetails, SaveOccasion } from "@threadbox/contracts/journal";
import { durationText } from "../../lib/duration.ts";

type Lifecycle = JournalDetails["lifecycle"];

/** What the page says of what happened on a thread's computer. */
export const activityTexts = {
  list: "Activity",
  loading: "Loading the activity…",
  none: "Nothing has happened yet. Starts, turns, saves and the hosts that programs ask for show up here.",
  noneOfKind: "Nothing of this kind has happened yet.",
  offline: "You’re offline. The activity shows up when you’re back.",
  more: "Show earlier",
  filter: "Show",
  filters: { all: "All", lifecycle: "Computer", egress: "Internet", snapshot: "Saves", program: "Programs" },
  kept: (size: string) => `${size} of snapshots`,
  times: (count: number) => `${count.toLocaleString("en")} times`,
  generation: (generation: number) => `Start ${generation}`,
  other: (kind: string) => `Something this page doesn’t know yet (${kind})`,
} as const;

export const causeTexts: Readonly<Record<Lifecycle["cause"], string | null>> = {
  need: null,
  restart: "Restart was asked for",
  composing: "You began to write",
  filesRestored: "Files were restored",
  secretRotated: "A secret was replaced",
  idle: "Not used for a while",
  memory: "Memory was short",
  host: null,
  threadDeleted: "The thread was deleted",
};

/** A sentence for each stretch of a computer's life; `took` is missing while it lasts. */
export const lifecycleText = (
  { stretch, after, end }: Pick<Lifecycle, "stretch" | "after" | "end">,
  subject: string,
  took: number | undefined,
): string => {
  const inTime = took === undefined ? "" : ` in ${durationText(took)}`;
  switch (stretch) {
    case "start":
      if (took === undefined) return subject;
      if (end === "failed") return `Couldn’t start: ${subject}`;
      if (end === "givenUp") return "Start was called off";
      return after === "sleep" ? `Woke up${inTime}` : after === "run" ? `Restarted${inTime}` : `Started${inTime}`;
    case "work":
      if (took === undefined) return "Working on a turn";
      return end === "good" ? `Worked for ${durationText(took)}` : `Work was cut off after ${durationText(took)}`;
    case "nap":
      return took === undefined ? "Napping" : `Napped for ${durationText(took)}`;
    case "recycle":
      return subject;
    case "sleep":
      return "Fell asleep";
    case "failure":
      return subject;
    case "destruction":
      return "Removed";
  }
};

/** Where the time of a start went. */
export const splitText = ({ placeMs, computerMs, openCodeMs }: NonNullable<Lifecycle["split"]>): string =>
  [
    placeMs < 100 ? null : `${durationText(placeMs)} waiting for a place`,
    `${durationText(computerMs)} for the computer`,
    `${durationText(openCodeMs)} for OpenCode`,
  ]
    .filter((part) => part !== null)
    .join(", ");

/** What a save was for. */
export const occasionTexts: Readonly<Record<SaveOccasion, string>> = {
  turn: "After a turn",
  end: "After the computer stopped",
  use: "While it was in use",
};

export const snapshotText = (end: JournalDetails["snapshot"]["end"], subject: string): string => {
  if (end === "failed") return subject === "" ? "Not saved" : `Not saved: ${subject}`;
  return subject === "" ? "Saved" : `Saved. ${subject}`;
};

/** Why a host was refused; what the owner can do about it stands beside it. */
export const denialTexts: Readonly<Record<EgressDenyCause, string>> = {
  unlisted: "It isn’t on this thread’s list",
  closed: "Only an admin can allow it",
  narrowed: "This thread reaches its own hosts only",
  insecure: "Only HTTPS on port 443 gets out",
  nameless: "Only hosts with a name get out",
  unasked: "It couldn’t be found out whether it’s allowed",
};

/** What came of a program, and of the question about it. */
const countText = (count: number, one: string): string =>
  `${count.toLocaleString("en")} ${one}${count === 1 ? "" : "s"}`;

export const programText = ({ end, decision, files = 0, requests = 0 }: JournalDetails["program"]): string => {
  const parts = [
    ...(files > 0 || requests === 0 ? [{ doing: "change", did: "changed", what: countText(files, "file") }] : []),
    ...(requests > 0 ? [{ doing: "send", did: "sent", what: countText(requests, "request") }] : []),
  ];
  const say = (word: "doing" | "did") => parts.map((part) => `${part[word]} ${part.what}`).join(" and ");
  const some = parts.map(({ what }) => what).join(" and ");
  switch (decision) {
    case "applied":
      return `A program ${say("did")}, as you allowed`;
    case "failed":
      return `A program was allowed to ${say("doing")}, but couldn’t`;
    case "denied":
      return `A program wanted to ${say("doing")}, and was denied`;
    case "expired":
      return `A program waited too long for your answer about ${some}`;
    case "withdrawn":
      return `A program was stopped while it waited for your answer about ${some}`;
    default:
      return end === "returned" ? "A program ran" : "A program failed";
  }
};

export const callsText = (count: number): string =>
  `${count.toLocaleString("en")} tool ${count === 1 ? "call" : "calls"}`;

/** What the owner changed of the hosts that the thread may reach. */
export const networkText = (change: JournalDetails["network"]["change"], rule: string): string => {
  switch (change) {
    case "allowed":
      return `You allowed ${rule}`;
    case "removed":
      return `You removed ${rule} from the allowed hosts`;
    case "own":
      return "You limited this thread to its own hosts";
    case "common":
      return "You let this thread reach what every thread may";
  }
};

export const egressText = ({ verdict, cause }: JournalDetails["egress"], host: string): string => {
  const name = host === "" ? (cause === "nameless" ? "an address without a name" : "other hosts") : host;
  return verdict === "deny" ? `Blocked ${name}` : `Connected to ${name}`;
};
