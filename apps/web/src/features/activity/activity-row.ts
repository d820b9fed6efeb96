import { egressDenyCauses, type JournalDetails, type JournalRow } from "@threadbox/contracts/journal";
import { sizeText } from "../../lib/size.ts";
import { visibleText } from "../text/index.ts";
import {
  activityTexts,
  callsText,
  causeTexts,
  denialTexts,
  egressText,
  lifecycleText,
  networkText,
  occasionTexts,
  programText,
  snapshotText,
  splitText,
} from "./texts.ts";

type Tone = "plain" | "good" | "bad" | "active";

/** One entry of the journal as the page shows it. */
export interface ActivityRow {
  readonly id: string;
  readonly kind: string;
  readonly tone: Tone;
  readonly text: string;
  /** What else is known, in the order in which it is read. */
  readonly more: readonly string[];
  /** A host that was refused and that the owner may allow. */
  readonly refusedHost?: string;
  /** When it began, in milliseconds since 1970. */
  readonly at: number;
}

type Shown = Pick<ActivityRow, "tone" | "text" | "refusedHost"> & { readonly more: readonly (string | null)[] };

/** A row is the worker's of whatever version: what does not fit its kind is shown by the kind's name. */
const readDetail = (detail: string): object => {
  try {
    return Object(JSON.parse(detail));
  } catch {
    return {};
  }
};

const stretches: readonly unknown[] = ["start", "work", "nap", "sleep", "recycle", "failure", "destruction"];
const verdicts: readonly unknown[] = ["tunnel", "intercept", "deny"];
const causes: readonly unknown[] = [undefined, ...egressDenyCauses];
const networkChanges: readonly unknown[] = ["allowed", "removed", "common", "own"];
const isLifecycle = (detail: object): detail is JournalDetails["lifecycle"] =>
  stretches.includes(Reflect.get(detail, "stretch"));
const ends: readonly unknown[] = ["saved", "failed"];
const isSnapshot = (detail: object): detail is JournalDetails["snapshot"] => ends.includes(Reflect.get(detail, "end"));
const isEgress = (detail: object): detail is JournalDetails["egress"] =>
  verdicts.includes(Reflect.get(detail, "verdict")) && causes.includes(Reflect.get(detail, "cause"));
const isNetwork = (detail: object): detail is JournalDetails["network"] =>
  networkChanges.includes(Reflect.get(detail, "change"));

const programEnds: readonly unknown[] = ["returned", "failed"];
const decisions: readonly unknown[] = [undefined, "applied", "failed", "denied", "expired", "withdrawn"];
const isProgram = (detail: object): detail is JournalDetails["program"] =>
  programEnds.includes(Reflect.get(detail, "end")) &&
  decisions.includes(Reflect.get(detail, "decision")) &&
  typeof Reflect.get(detail, "calls") === "number";

const lifecycle = ({ subject, at, until }: JournalRow, detail: JournalDetails["lifecycle"]): Shown => {
  const { stretch, end, split, cause, generation } = detail;
  const lasts = until === undefined && (stretch === "start" || stretch === "work");
  const isBad = stretch === "failure" || end === "failed";
  return {
    tone: lasts ? "active" : isBad ? "bad" : end === "good" ? "good" : "plain",
    text: lifecycleText(detail, visibleText(subject), until === undefined ? undefined : until - at),
    more: [
      Object.hasOwn(causeTexts, cause) ? causeTexts[cause] : null,
      split === undefined ? null : splitText(split),
      stretch === "start" ? activityTexts.generation(generation) : null,
    ],
  };
};

const egress = ({ subject, count }: JournalRow, detail: JournalDetails["egress"]): Shown => ({
  tone: detail.verdict === "deny" ? "bad" : "plain",
  text: egressText(detail, visibleText(subject)),
  ...(subject !== "" && (detail.cause === "unlisted" || detail.cause === "narrowed") ? { refusedHost: subject } : {}),
  more: [
    detail.cause === undefined ? null : denialTexts[detail.cause],
    (count ?? 1) > 1 ? activityTexts.times(count ?? 1) : null,
    detail.verdict === "intercept" ? "Secrets may be added on the way" : null,
  ],
});

const snapshot = ({ subject, count }: JournalRow, { occasion, end, bytes }: JournalDetails["snapshot"]): Shown => ({
  tone: end === "failed" ? "bad" : "plain",
  text: snapshotText(end, visibleText(subject)),
  more: [
    (count ?? 1) > 1 ? activityTexts.times(count ?? 1) : null,
    Object.hasOwn(occasionTexts, occasion) ? occasionTexts[occasion] : null,
    typeof bytes === "number" ? activityTexts.kept(sizeText(bytes)) : null,
  ],
});

const shownOf = (row: JournalRow): Shown => {
  const detail = readDetail(row.detail);
  if (row.kind === "lifecycle" && isLifecycle(detail)) return lifecycle(row, detail);
  if (row.kind === "egress" && isEgress(detail)) return egress(row, detail);
  if (row.kind === "snapshot" && isSnapshot(detail)) return snapshot(row, detail);
  if (row.kind === "network" && isNetwork(detail))
    return { tone: "plain", text: networkText(detail.change, visibleText(row.subject)), more: [] };
  if (row.kind === "program" && isProgram(detail))
    return {
      tone: detail.end === "failed" || detail.decision === "failed" ? "bad" : "plain",
      text: programText(detail),
      more: [callsText(detail.calls)],
    };
  return { tone: "plain", text: activityTexts.other(row.kind), more: [] };
};

export const activityRow = (row: JournalRow): ActivityRow => {
  const { more, ...shown } = shownOf(row);
  const { entryId: id, kind, at } = row;
  return { id, kind, ...shown, more: more.filter((part) => part !== null), at };
};
