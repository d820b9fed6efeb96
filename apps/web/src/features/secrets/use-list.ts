import { useTable } from "@tanstack/react-table";
import { useMemo, useState } from "react";
import { hasWords, type ListColumn, listFeatures, tableColumns } from "./list-columns.ts";
import { type ListLook, recallLook, rememberLook } from "./list-memory.ts";

export interface ListWish<Row> {
  /** Which list it is, for what this device remembers of it. */
  readonly name: string;
  /** Has to stay the same array while it says the same. */
  readonly columns: readonly ListColumn<Row>[];
  readonly rows: readonly Row[];
  readonly rowId: (row: Row) => string;
  /** False: the order of the rows has a meaning of its own. */
  readonly isSortable: boolean;
}

/** A list that is ordered by a column, filtered by words, and shows the columns that somebody wants to see. */
export const useList = <Row extends object>({ name, columns, rows, rowId, isSortable }: ListWish<Row>) => {
  const [look, setLook] = useState(() => recallLook(name, columns));
  const [typed, setTyped] = useState("");
  const change = (next: ListLook) => {
    setLook(next);
    rememberLook(name, next);
  };
  const columnsOfTable = useMemo(() => tableColumns(columns), [columns]);
  const table = useTable({
    features: listFeatures,
    columns: columnsOfTable,
    data: rows as readonly Record<string, unknown>[],
    getRowId: (row) => rowId(row as Row),
    enableSorting: isSortable,
    enableMultiSort: false,
    enableSortingRemoval: false,
    getColumnCanGlobalFilter: () => true,
    globalFilterFn: (row, _column, value) => hasWords(columns, row.original as Row, String(value)),
    state: { ...look, globalFilter: typed.trim() },
    onSortingChange: (update) =>
      change({ ...look, sorting: typeof update === "function" ? update(look.sorting) : update }),
    onColumnVisibilityChange: (update) =>
      change({
        ...look,
        columnVisibility: typeof update === "function" ? update(look.columnVisibility) : update,
      }),
  });
  return { table, typed, setTyped };
};

export type ListTableModel = ReturnType<typeof useList>["table"];
