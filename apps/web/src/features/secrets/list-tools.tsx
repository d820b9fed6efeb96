import { Button } from "@threadbox/ui/button";
import { Popover } from "@threadbox/ui/popover";
import { TextField } from "@threadbox/ui/text-field";
import { Columns3 } from "lucide-react";
import { useRef, useState } from "react";
import type { ListColumn } from "./list-columns.ts";
import { listTexts as texts } from "./texts.ts";
import type { ListTableModel } from "./use-list.ts";

interface ListToolsProps<Row> {
  readonly table: ListTableModel;
  readonly columns: readonly ListColumn<Row>[];
  readonly filter?: { readonly label: string; readonly typed: string; readonly onType: (typed: string) => void };
}

function ChooseColumns<Row>({ table, columns }: Pick<ListToolsProps<Row>, "table" | "columns">) {
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const first = useRef<HTMLInputElement>(null);
  const choices = table.getAllLeafColumns().filter((column) => column.getCanHide());
  return (
    <>
      <Button ref={button} aria-haspopup="dialog" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <Columns3 /> {texts.columns}
      </Button>
      {isOpen ? (
        <Popover anchor={button} label={texts.columns} initialFocus={first} onClose={() => setOpen(false)}>
          <div className="p-3">
            {choices.map((column, index) => (
              <label key={column.id} className="flex min-h-7 items-center gap-2 text-sm pointer-coarse:min-h-11">
                <input
                  ref={index === 0 ? first : undefined}
                  type="checkbox"
                  className="size-4 shrink-0 accent-accent"
                  checked={column.getIsVisible()}
                  onChange={({ target }) => column.toggleVisibility(target.checked)}
                />
                {columns.find(({ id }) => id === column.id)?.label}
              </label>
            ))}
          </div>
        </Popover>
      ) : null}
    </>
  );
}

/** Where there are no headings to click on, what the list is ordered by. */
function ChooseOrder<Row>({ table, columns }: Pick<ListToolsProps<Row>, "table" | "columns">) {
  const [sort] = table.state.sorting;
  const wish = sort === undefined ? "" : `${sort.id} ${sort.desc ? "desc" : "asc"}`;
  return (
    <select
      aria-label={texts.order}
      className="secrets-order"
      value={wish}
      onChange={({ target }) => {
        const [id = "", direction] = target.value.split(" ");
        table.setSorting(id === "" ? [] : [{ id, desc: direction === "desc" }]);
      }}
    >
      <option value="">{texts.unordered}</option>
      {columns.flatMap(({ id, label }) => [
        <option key={`${id} asc`} value={`${id} asc`}>{`${label} ↑`}</option>,
        <option key={`${id} desc`} value={`${id} desc`}>{`${label} ↓`}</option>,
      ])}
    </select>
  );
}

/** What stands above a list: the field that finds rows, its order where that can't be seen, and its columns. */
export function ListTools<Row>({ table, columns, filter }: ListToolsProps<Row>) {
  const isSortable = table.getAllLeafColumns().some((column) => column.getCanSort());
  return (
    <div className="secrets-tools">
      {filter === undefined ? null : (
        <TextField
          label={filter.label}
          placeholder={filter.label}
          type="search"
          value={filter.typed}
          onChange={({ target }) => filter.onType(target.value)}
        />
      )}
      {isSortable ? <ChooseOrder table={table} columns={columns} /> : null}
      <ChooseColumns table={table} columns={columns} />
    </div>
  );
}
