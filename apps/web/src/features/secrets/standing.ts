import type { SecretHolder, SecretVersionState, SecretVersionView, SecretView } from "@threadbox/contracts/secrets";
import { secretTexts } from "./texts.ts";

const dayMs = 86_400_000;
/** A value that has been in use for longer should be replaced, in milliseconds. */
const staleMs = 90 * dayMs;
/** Whoever manages secrets is told so long before one expires, in milliseconds. */
const expirySoonMs = 14 * dayMs;

/** How a secret stands for whoever looks at the table. */
export interface Standing {
  /** Version that is handed out; null: none is. */
  readonly current: number | null;
  /** The newest there is, in use or not. */
  readonly newest: number;
  readonly state: SecretVersionState | "expired";
  /** What calls for a new version while the current one still works; null: nothing does. */
  readonly due: { readonly why: "stale" | "expiry"; readonly days: number } | null;
  /** The newest older version that may still be used beside the current one; null: none may. */
  readonly overlapping: SecretVersionView | null;
  /** The version that waits for its check; null: none does. */
  readonly checking: number | null;
  /** Holders that have the current version, and all of them. */
  readonly upToDate: number;
  readonly holders: number;
  /** Of the others: sandboxes whose start is over, and those that could not be told. */
  readonly asleep: number;
  readonly failed: number;
}

const dueOf = (current: SecretVersionView, now: number): Standing["due"] => {
  const { expiresAt, createdAt } = current;
  if (expiresAt !== null && expiresAt - now <= expirySoonMs)
    return { why: "expiry", days: Math.max(0, Math.floor((expiresAt - now) / dayMs)) };
  return now - createdAt >= staleMs ? { why: "stale", days: Math.floor((now - createdAt) / dayMs) } : null;
};

/** `now` in milliseconds since 1970. */
export const standingOf = ({ versions, holders, minVersion }: SecretView, now: number): Standing => {
  const isOpen = versions.filter(
    ({ version, state }) => version >= minVersion && (state === "active" || state === "overlap"),
  );
  const current = isOpen.find(({ expiresAt }) => expiresAt === null || expiresAt > now) ?? null;
  const [newest] = versions;
  const behind = holders.filter(({ version }) => version !== current?.version);
  return {
    current: current?.version ?? null,
    newest: newest?.version ?? 0,
    due: current === null ? null : dueOf(current, now),
    overlapping: isOpen.find(({ version, state }) => state === "overlap" && version !== current?.version) ?? null,
    state: current?.state ?? (isOpen.length > 0 ? "expired" : (newest?.state ?? "revoked")),
    checking: versions.find(({ state }) => state === "checking")?.version ?? null,
    upToDate: holders.length - behind.length,
    holders: holders.length,
    asleep: behind.filter(({ reach }) => reach === "ended").length,
    failed: behind.filter(({ reach }) => reach === "failed").length,
  };
};

/** Who has the current version, in a few words. */
export const spreadText = ({ current, checking, upToDate, holders, asleep, failed }: Standing): string => {
  if (current === null) return checking === null ? "Nobody can use it" : "Nobody yet";
  if (holders === 0) return "Nobody yet";
  return [
    `${upToDate}/${holders} acknowledged`,
    ...(asleep === 0 ? [] : [`${asleep} asleep, will fetch on wake`]),
    ...(failed === 0 ? [] : [`${failed} failed`]),
  ].join(" · ");
};

/** Ids are long, and their ends tell them apart. */
export const shortId = (id: string): string => (id.length <= 12 ? id : `${id.slice(0, 4)}…${id.slice(-4)}`);

export const holderText = ({ kind, threadId, generation }: SecretHolder): string =>
  kind !== "sandbox"
    ? `${secretTexts[kind]}, ${secretTexts.thread.toLowerCase()} ${shortId(threadId)}`
    : `${secretTexts.sandbox} of ${secretTexts.thread.toLowerCase()} ${shortId(threadId)}, start ${generation}`;

/** What a rotation has reached, in a sentence or some. */
export const rolloutText = ({ current, checking, upToDate, holders, asleep, failed }: Standing): string => {
  if (current === null) return checking === null ? "No version can be used." : "The first version is being checked.";
  if (holders === 0) return `Nobody has asked for it yet. Whoever does gets version ${current}.`;
  if (upToDate === holders)
    return `${holders === 1 ? "The one that has it has" : `All ${holders} that have it have`} version ${current}.`;
  const waiting = holders - upToDate - asleep - failed;
  return [
    `${upToDate} of ${holders} have version ${current}.`,
    ...(waiting === 0 ? [] : [`${waiting === 1 ? "1 gets it" : `${waiting} get it`} at the next use.`]),
    ...(asleep === 0
      ? []
      : [`${asleep === 1 ? "1 is asleep and fetches" : `${asleep} are asleep and fetch`} it on wake.`]),
    ...(failed === 0
      ? []
      : [`${failed} couldn’t be told. Restart ${failed === 1 ? "it" : "them"} under Running sandboxes.`]),
  ].join(" ");
};

export const dueText = ({ why, days }: NonNullable<Standing["due"]>): string => {
  if (why === "stale") return "Rotate now";
  return days === 0 ? "Expires today" : `Expires in ${days === 1 ? "1 day" : `${days} days`}`;
};

/** How a holder came to its version, or why it has an older one. */
export const reachText = ({ kind, reach }: SecretHolder, isCurrent: boolean): string => {
  if (reach === "failed") return "Couldn’t be told; restart it.";
  if (reach === "ended") return "Asleep or restarted; fetches on wake.";
  if (reach === "told") return "Told and acknowledged";
  return isCurrent || kind === "sandbox" ? "Used" : "Gets the new one at its next use; used";
};
