import { MessageId } from "@threadbox/contracts/ids";
import type { Fork } from "@threadbox/contracts/live";
import { type SqlRows, sqlRows } from "../../platform/sql-rows.ts";
import {
  leafOf,
  lineOf,
  type MessageTree,
  parentOf,
  pathOf,
  siblingsOf,
  treeOf,
  withChoice,
  withEnd,
  withMessage,
} from "./message-tree.ts";
import { migratePlaces, placesTable } from "./places.ts";

/** Where each message of the thread stands, and which path through them is selected. Who changes it is in a transaction. */
export class MessagePlaces {
  readonly #rows: SqlRows;
  #tree: MessageTree;

  /** After the table of facts has been made: an older thread's places are read from it. */
  constructor(sql: SqlStorage) {
    this.#rows = sqlRows(sql);
    sql.exec(placesTable);
    migratePlaces(sql);
    const rows = this.#rows("select message_id, parent_id, is_chosen from places order by position");
    const idOf = (value: unknown) => MessageId.make(String(value));
    this.#tree = treeOf(
      rows.map(({ message_id, parent_id, is_chosen }) => ({
        id: idOf(message_id),
        parent: parent_id === null ? null : idOf(parent_id),
        isChosen: is_chosen === 1,
      })),
    );
  }

  get tree(): MessageTree {
    return this.#tree;
  }

  has(messageId: string): boolean {
    return this.#rows("select 1 from places where message_id = ?", messageId).length > 0;
  }

  /** The end of the selected path; null where it is empty. */
  leaf(): MessageId | null {
    return leafOf(this.#tree);
  }

  /** The messages of the selected path that have siblings, with these in the order of their making. */
  forks(): readonly Fork[] {
    return pathOf(this.#tree).flatMap((messageId) => {
      const siblings = siblingsOf(this.#tree, messageId);
      return siblings.length > 1 ? [{ messageId, siblings }] : [];
    });
  }

  /** The message's position: how many were made before it. One that is new is the newest after `parent`. */
  place(messageId: MessageId, role: "user" | "assistant", parent: MessageId | null): number {
    const before = this.#tree;
    if (!this.has(messageId)) {
      this.#rows(
        "insert into places (position, message_id, role, parent_id) values ((select coalesce(max(position) + 1, 0) from places), ?, ?, ?)",
        messageId,
        role,
        parent,
      );
      this.#tree = withMessage(this.#tree, messageId, parent);
    }
    this.#choose(messageId, before);
    return Number(this.#rows("select position from places where message_id = ?", messageId)[0]?.position ?? 0);
  }

  #choose(messageId: MessageId, before: MessageTree): void {
    this.#tree = withChoice(this.#tree, messageId);
    for (const chosen of lineOf(this.#tree, messageId)) {
      const parent = parentOf(this.#tree, chosen);
      const former = before.chosen.get(parent);
      if (former === chosen) continue;
      const both = [chosen, former ?? chosen];
      this.#rows("update places set is_chosen = (message_id = ?) where message_id in (?, ?)", chosen, ...both);
    }
  }

  /** Leads the selected path through this message; false where it is not there. */
  select(messageId: MessageId): boolean {
    if (siblingsOf(this.#tree, messageId).length === 0) return false;
    this.#choose(messageId, this.#tree);
    return true;
  }

  /** Ends the selected path with this message, or (null) before the first one; false where it is not there. */
  endAt(messageId: MessageId | null): boolean {
    if (messageId !== null && !this.select(messageId)) return false;
    this.#rows("update places set is_chosen = 0 where parent_id is ?", messageId);
    this.#tree = withEnd(this.#tree, messageId);
    return true;
  }
}
