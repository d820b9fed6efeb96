import { expect, type Page } from "@playwright/test";
import { callConvex } from "./access.ts";
import { main } from "./addresses.ts";
import { killOpenCode, killProcess, type ProcessName, pidOf } from "./processes.ts";
import type { Random } from "./random.ts";

/** What a campaign ends with one signal, in whatever moment of a turn. */
export type Victim = Exclude<ProcessName, "identity"> | "opencode";
export type Moment = "as it is sent" | "once it is taken" | "once its command runs";

const victims: readonly Victim[] = ["worker", "convex", "sandbox-host", "web", "opencode"];
const moments: readonly Moment[] = ["as it is sent", "once it is taken", "once its command runs"];

/** One kill, and when. */
export interface Blow {
  readonly victim: Victim;
  readonly moment: Moment;
}

/** The kills of one thread's history; each victim comes up as often as any other, in a random order. */
export const drawBlows = (random: Random, count: number): readonly Blow[] => {
  const blows: Blow[] = [];
  let left: Victim[] = [];
  while (blows.length < count) {
    if (left.length === 0) left = [...victims];
    const victim = random.pick(left);
    left = left.filter((other) => other !== victim);
    blows.push({ victim, moment: random.pick(moments) });
  }
  return blows;
};

/** Answers what tells that the part has come back: another process of it that answers. */
export const strike = async (victim: Victim): Promise<() => Promise<boolean>> => {
  if (victim === "opencode") {
    // Its sandbox may only be starting.
    await expect.poll(killOpenCode).toBeGreaterThan(0);
    return () => Promise.resolve(true);
  }
  const before = pidOf(victim);
  killProcess(victim);
  const { PORT, WORKER_PORT, CONVEX_PORT, SANDBOX_HOST_PORT } = main.env;
  const port = { web: PORT, worker: WORKER_PORT, convex: CONVEX_PORT, "sandbox-host": SANDBOX_HOST_PORT }[victim];
  const path = victim === "sandbox-host" ? "/v1/health" : "/health";
  return async () => {
    if (pidOf(victim) === before) return false;
    const answer = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => null);
    return answer?.ok === true;
  };
};

/** A message as everybody must come to see it. */
export interface Said {
  readonly id: string;
  readonly author: "user" | "assistant";
  /** What was written, bare; of an answer its commands too. */
  readonly words: readonly string[];
  /** How an answer ended; null for a message of a person's. */
  readonly end: string | null;
}

interface RecordedPart {
  readonly type: string;
  readonly text?: string;
  readonly input?: { readonly command?: string };
}

interface Recorded {
  readonly messageId: string;
  readonly role: "user" | "assistant";
  readonly parts: string;
  readonly metadata?: { readonly state: string };
}

/** Letters and digits alone: what is drawn around them, as a list's dash, is the page's own affair. */
export const bare = (text: string): string => text.replace(/[^\p{L}\p{N}]+/gu, "");

/** The thread as Convex has it, the oldest first. */
export const recordOf = async (threadId: string, accessToken: string): Promise<readonly Said[]> => {
  const args = { threadId, paginationOpts: { numItems: 100, cursor: null } };
  const { page } = (await callConvex("query", "messages:list", args, accessToken)) as {
    readonly page: readonly Recorded[];
  };
  return page.toReversed().map(({ messageId, role, parts, metadata }) => ({
    id: messageId,
    author: role,
    words: (JSON.parse(parts) as readonly RecordedPart[]).flatMap(({ type, text = "", input }) => {
      if (type === "text") return [bare(text)];
      return input?.command === undefined ? [] : [bare(input.command)];
    }),
    end: role === "user" ? null : (metadata?.state ?? "none"),
  }));
};

/** What a tab shows, in its order. */
export interface Shown {
  readonly id: string;
  readonly author: string;
  readonly text: string;
  readonly isBusy: boolean;
}

export const shownIn = async (page: Page): Promise<readonly Shown[]> =>
  (
    await page.getByRole("article").evaluateAll((articles) =>
      articles.map((article) => ({
        id: article.getAttribute("data-message") ?? "",
        author: article.getAttribute("data-author") ?? "",
        text: article.textContent ?? "",
        isBusy: article.getAttribute("aria-busy") === "true",
      })),
    )
  ).map((article) => ({ ...article, text: bare(article.text) }));

/** What keeps a tab from showing the record; empty where it does. */
export const differences = (record: readonly Said[], shown: readonly Shown[]): readonly string[] => {
  const ids = (of: readonly { readonly id: string; readonly author: string }[]) =>
    of.map(({ id, author }) => `${author} ${id}`).join(", ");
  if (ids(record) !== ids(shown)) return [`the record has ${ids(record)}; the page shows ${ids(shown)}`];
  return record.flatMap(({ id, words }, at) => [
    ...(shown[at]?.isBusy === true ? [`${id} is still being written on the page`] : []),
    ...words
      .filter((word) => !shown[at]?.text.includes(word))
      .map((word) => `${id} lacks ${word} on the page: ${shown[at]?.text}`),
  ]);
};
