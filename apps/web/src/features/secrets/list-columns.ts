import {
  type ColumnDef,
  columnFilteringFeature,
  columnVisibilityFeature,
  createFilteredRowModel,
  createSortedRowModel,
  globalFilteringFeature,
  rowSortingFeature,
  tableFeatures,
} from "@tanstack/react-table";
import type { ReactNode } from "react";

/** One column of a list, whatever it lists. */
export interface ListColumn<Row> {
  readonly id: string;
  readonly label: string;
  /** What rows are ordered by. */
  readonly value: (row: Row) => string | number;
  /** What a filter looks at; absent: nothing of it. */
  readonly words?: (row: Row) => string;
  readonly cell: (row: Row) => ReactNode;
  readonly className?: string;
  /** It's always there. */
  readonly isFixed?: boolean;
  /** It's there for whoever asks for it. */
  readonly isHidden?: boolean;
}

type AnyRow = Record<string, unknown>;

export const listFeatures = tableFeatures({
  rowSortingFeature,
  columnVisibilityFeature,
  columnFilteringFeature,
  globalFilteringFeature,
  sortedRowModel: createSortedRowModel(),
  filteredRowModel: createFilteredRowModel(),
});

const order = (a: string | number, b: string | number): number =>
  typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en", { numeric: true });

/** The table's own columns of those. */
export const tableColumns = <Row extends object>(
  columns: readonly ListColumn<Row>[],
): ColumnDef<typeof listFeatures, AnyRow>[] =>
  columns.map(({ id, value, isFixed = false }) => ({
    id,
    accessorFn: (row) => value(row as Row),
    enableHiding: !isFixed,
    sortFn: (a, b, column) => order(a.getValue<string | number>(column), b.getValue<string | number>(column)),
  }));

/** Whether every word that was typed is somewhere in the row, in any case. */
export const hasWords = <Row>(columns: readonly ListColumn<Row>[], row: Row, typed: string): boolean => {
  const text = columns
    .flatMap(({ words }) => words?.(row) ?? [])
    .join(" ")
    .toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
};
