import { describe, expect, test } from "vitest";
import { commandLabels, composerShortcuts, type ShortcutId, shortcutIds, shortcuts } from "../shortcuts/index.ts";
import type { Thread } from "../threads/index.ts";
import { type MessageHit, paletteGroups } from "./entries.ts";
import { sheetRows } from "./sheet-rows.ts";

const thread = (threadId: string, title: string): Thread => ({
  // A brand of Convex's, which nothing but its server gives.
  threadId: threadId as Thread["threadId"],
  title,
  isTitleCustom: false,
  isPinned: false,
  isArchived: false,
  isUnread: false,
  activity: "idle",
  lastMessageAt: 1,
  createdAt: 1,
});
const groups = (typed: string, canRun: (id: ShortcutId) => boolean = () => true) =>
  paletteGroups({
    typed,
    canRun,
    recent: [thread("b", "Bake bread"), thread("r", "Mend the roof")],
    found: [thread("r", "Mend the roof"), thread("o", "Old bread")],
    messages: [],
    open: () => undefined,
    connectChatGpt: () => undefined,
  });

const hit: MessageHit = {
  threadId: "r" as MessageHit["threadId"],
  title: "",
  isArchived: true,
  messageId: "m1",
  role: "assistant",
  snippet: { text: "…the bread is done.", matchStart: 5, matchEnd: 10 },
  createdAt: 0,
};

describe("the palette", () => {
  const byOtherMeans: readonly ShortcutId[] = ["openPalette", "openShortcutsByKey", ...composerShortcuts];

  test.each(shortcutIds.filter((id) => !byOtherMeans.includes(id)))("%s is reached by its name", (id) => {
    const entries = groups(commandLabels[id]).flatMap((group) => group.entries);
    expect(entries.map((entry) => entry.id)).toContain(id);
  });

  test("ChatGPT is connected from the palette, by its name", () => {
    expect(groups("chatgpt").at(-1)).toMatchObject({ label: "Threadbox", entries: [{ label: "Connect ChatGPT…" }] });
  });

  test("the thread at hand comes first, then threads, the newest first", () => {
    expect(groups("").map(({ label }) => label)).toEqual(["This thread", "Threads", "Threadbox"]);
    expect(groups("")[1]?.entries.map(({ label }) => label)).toEqual(["Bake bread", "Mend the roof", "Old bread"]);
  });

  test("a message is found below threads and commands, with its place marked, and opens at itself", () => {
    const opened: unknown[] = [];
    const sources = {
      typed: "bread",
      canRun: () => true,
      recent: [thread("b", "Bake bread")],
      found: [],
      messages: [hit],
      connectChatGpt: () => undefined,
    };
    const shown = paletteGroups({ ...sources, open: (...place) => void opened.push(place) });
    expect(shown.map(({ label }) => label)).toEqual(["Threads", "Messages"]);
    expect(shown[0]?.entries[0]).toMatchObject({ label: "Bake bread", match: [5, 10] });
    const [entry] = shown[1]?.entries ?? [];
    expect(entry).toMatchObject({ label: "…the bread is done.", match: [5, 10], note: "Archived" });
    expect(entry?.detail).toContain("New thread · Assistant · ");
    entry?.run();
    expect(opened).toEqual([["r", "m1"]]);
  });

  test("what nothing on the page does is not offered", () => {
    const offered = groups("", (id) => id === "newThread").flatMap((group) => group.entries.map(({ id }) => id));
    expect(offered).toEqual(["b", "r", "o", "newThread", "connect"]);
  });
});

describe("the sheet of shortcuts", () => {
  test("lists every command that has keys, once", () => {
    const withKeys = shortcutIds.filter((id) => shortcuts[id].combo !== undefined);
    expect(
      sheetRows()
        .flatMap(({ ids }) => ids)
        .toSorted(),
    ).toEqual(withKeys.toSorted());
  });
});
