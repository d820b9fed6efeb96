import { MoveDown, MoveUp } from "lucide-react";
import { type ReactNode, type RefObject, useRef, useState } from "react";
import type { ListColumn } from "./list-columns.ts";
import { ListTools } from "./list-tools.tsx";
import { listTexts as texts } from "./texts.ts";
import { useDrawnRows } from "./use-drawn-rows.ts";
import { type ListTableModel, type ListWish, useList } from "./use-list.ts";

export interface ListTableProps<Row> extends Omit<ListWish<Row>, "isSortable"> {
  readonly isSortable?: boolean;
  readonly label: string;
  /** What the table is scrolled in. */
  readonly scroller: RefObject<HTMLElement | null>;
  /** Names the field that finds rows, and what it says where none is found; absent: there is no field. */
  readonly filter?: { readonly label: string; readonly nothingFound: string };
  /** What is known beyond the columns, behind the first one. */
  readonly details?: (row: Row) => ReactNode;
  /** Names the button that opens the details. */
  readonly nameOf?: (row: Row) => ReactNode;
  readonly actions?: (row: Row) => ReactNode;
}

/** The place of rows that aren't drawn. */
function Gap({ height }: { readonly height: number }) {
  return height <= 0 ? null : (
    <tbody aria-hidden="true">
      <tr style={{ height }} />
    </tbody>
  );
}

type Header = ReturnType<ListTableModel["getFlatHeaders"]>[number];

function ColumnHead({ header, label }: { readonly header: Header; readonly label: string }) {
  const { column } = header;
  const sorted = column.getIsSorted();
  if (!column.getCanSort()) return <th scope="col">{label}</th>;
  return (
    <th scope="col" aria-sort={sorted === false ? "none" : sorted === "asc" ? "ascending" : "descending"}>
      <button type="button" className="secrets-sort" onClick={() => column.toggleSorting(sorted === "asc")}>
        {label}
        {sorted === false ? null : sorted === "asc" ? <MoveUp aria-hidden="true" /> : <MoveDown aria-hidden="true" />}
      </button>
    </th>
  );
}

/** A list as a table, which on a narrow page is a list of cards. From some sixty rows on it draws those on the screen. */
export function ListTable<Row extends object>(props: ListTableProps<Row>) {
  const { label, columns, rows, scroller, filter, details, actions, isSortable = true } = props;
  const { table, typed, setTyped } = useList({ ...props, isSortable });
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const box = useRef<HTMLDivElement>(null);
  const found = table.getRowModel().rows;
  const {
    rows: drawn,
    above,
    below,
    measure,
  } = useDrawnRows(
    found.map(({ id }) => id),
    scroller,
    box,
  );
  const columnOf = (id: string) => columns.find((column) => column.id === id) as ListColumn<Row>;
  const toggle = (id: string) =>
    setOpen((known) => new Set(known.has(id) ? [...known].filter((other) => other !== id) : [...known, id]));
  const headers = table.getFlatHeaders();
  return (
    <>
      <ListTools
        table={table}
        columns={columns}
        {...(filter === undefined || rows.length < texts.filteredFrom
          ? {}
          : { filter: { label: filter.label, typed, onType: setTyped } })}
      />
      <div ref={box} className="rounded-lg border bg-raised">
        <table className="secrets-table" aria-label={label} aria-rowcount={found.length + 1}>
          <thead>
            <tr>
              {headers.map((header) => (
                <ColumnHead key={header.id} header={header} label={columnOf(header.id).label} />
              ))}
              {actions === undefined ? null : <td />}
            </tr>
          </thead>
          <Gap height={above} />
          {drawn.map(({ index }) => {
            const row = found[index];
            if (row === undefined) return null;
            const shown = row.original as Row;
            const isOpen = details !== undefined && open.has(row.id);
            return (
              <tbody key={row.id} ref={measure} data-index={index}>
                <tr aria-rowindex={index + 2}>
                  {row.getVisibleCells().map(({ column: { id } }, place) => {
                    const { label: words, className, cell } = columnOf(id);
                    return place === 0 && details !== undefined ? (
                      <td key={id}>
                        <button
                          type="button"
                          className="secrets-name"
                          aria-expanded={isOpen}
                          aria-controls={isOpen ? `details-${row.id}` : undefined}
                          onClick={() => toggle(row.id)}
                        >
                          <span aria-hidden="true" className="secrets-chevron" />
                          {cell(shown)}
                        </button>
                      </td>
                    ) : (
                      <td key={id} data-label={words} className={className}>
                        {cell(shown)}
                      </td>
                    );
                  })}
                  {actions === undefined ? null : (
                    <td>
                      <div className="secrets-actions">{actions(shown)}</div>
                    </td>
                  )}
                </tr>
                {isOpen ? (
                  <tr className="secrets-more-row" id={`details-${row.id}`}>
                    <td colSpan={headers.length + 1} className="secrets-more">
                      {details(shown)}
                    </td>
                  </tr>
                ) : null}
              </tbody>
            );
          })}
          <Gap height={below} />
        </table>
      </div>
      {found.length > 0 || filter === undefined ? null : <p className="mt-3 text-ink-muted">{filter.nothingFound}</p>}
    </>
  );
}
