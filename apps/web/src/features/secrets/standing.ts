import type { SecretHolder, SecretVersionState, SecretView } from "@threadbox/contracts/secrets";
import { secretTexts } from "./texts.ts";

/** How a secret stands for whoever looks at the table. */
export interface Standing {
  /** Version that is handed out; null: none is. */
  readonly current: number | null;
  /** The newest there is, in use or not. */
  readonly newest: number;
  readonly state: SecretVersionState | "expired";
  /** Holders that have the current version, and all of them. */
  readonly upToDate: number;
  readonly holders: number;
}

/** `now` in milliseconds since 1970. */
export const standingOf = ({ versions, holders, minVersion }: SecretView, now: number): Standing => {
  const isOpen = versions.filter(
    ({ version, state }) => version >= minVersion && (state === "active" || state === "overlap"),
  );
  const current = isOpen.find(({ expiresAt }) => expiresAt === null || expiresAt > now) ?? null;
  const [newest] = versions;
  return {
    current: current?.version ?? null,
    newest: newest?.version ?? 0,
    state: current?.state ?? (isOpen.length > 0 ? "expired" : (newest?.state ?? "revoked")),
    upToDate: holders.filter(({ version }) => version === current?.version).length,
    holders: holders.length,
  };
};

/** Who has the current version, in a few words. */
export const spreadText = ({ current, upToDate, holders }: Standing): string => {
  if (current === null) return "Nobody can use it";
  if (holders === 0) return "Nobody yet";
  return `${upToDate}/${holders} acknowledged`;
};

/** Ids are long, and their ends tell them apart. */
export const shortId = (id: string): string => (id.length <= 12 ? id : `${id.slice(0, 4)}…${id.slice(-4)}`);

export const holderText = ({ kind, threadId, generation }: SecretHolder): string =>
  kind !== "sandbox"
    ? `${secretTexts[kind]}, ${secretTexts.thread.toLowerCase()} ${shortId(threadId)}`
    : `${secretTexts.sandbox} of ${secretTexts.thread.toLowerCase()} ${shortId(threadId)}, start ${generation}`;
