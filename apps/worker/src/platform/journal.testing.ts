import type { JournalEntry, JournalKind } from "@threadbox/contracts/journal";
import { Effect, Layer } from "effect";
import { Journal, type JournalCount } from "./journal.ts";

/** A journal that a test reads. */
export const heardJournal = () => {
  const entries: JournalEntry[] = [];
  const counts: JournalCount<JournalKind>[] = [];
  const layer = Layer.succeed(Journal, {
    append: (_, entry) => Effect.sync(() => void entries.push(entry)),
    tally: (_thread, _window, told) => Effect.sync(() => void counts.push(...told)),
  });
  return { entries, counts, layer };
};
