import type { ColumnVisibilityState, SortingState } from "@tanstack/react-table";
import { recall, remember } from "../../lib/device-memory.ts";
import type { ListColumn } from "./list-columns.ts";

/** How a list was last looked at on this device. What was typed into its filter is no part of it. */
export interface ListLook {
  readonly sorting: SortingState;
  readonly columnVisibility: ColumnVisibilityState;
}

const keyOf = (name: string) => `list:${name}`;

const initialLook = <Row>(columns: readonly ListColumn<Row>[]): ListLook => ({
  sorting: [],
  columnVisibility: Object.fromEntries(columns.map(({ id, isHidden = false }) => [id, !isHidden])),
});

/** What is remembered of a list; of columns that it no longer has nothing counts. */
export const recallLook = <Row>(name: string, columns: readonly ListColumn<Row>[]): ListLook => {
  const look = initialLook(columns);
  try {
    const known: unknown = JSON.parse(recall(keyOf(name)) ?? "null");
    if (typeof known !== "object" || known === null) return look;
    const { sort, shown } = known as { readonly sort?: unknown; readonly shown?: unknown };
    const [id, isDescending] = Array.isArray(sort) ? sort : [];
    const has = Array.isArray(shown) ? new Set<unknown>(shown) : null;
    return {
      sorting: columns.some((column) => column.id === id) ? [{ id: String(id), desc: isDescending === true }] : [],
      columnVisibility:
        has === null
          ? look.columnVisibility
          : Object.fromEntries(columns.map((column) => [column.id, column.isFixed === true || has.has(column.id)])),
    };
  } catch {
    return look;
  }
};

export const rememberLook = (name: string, { sorting, columnVisibility }: ListLook): void => {
  const [sort] = sorting;
  const shown = Object.keys(columnVisibility).filter((id) => columnVisibility[id] === true);
  remember(keyOf(name), JSON.stringify({ sort: sort === undefined ? [] : [sort.id, sort.desc], shown }));
};
