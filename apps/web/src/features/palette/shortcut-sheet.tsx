import { Dialog } from "@threadbox/ui/dialog";
import { Kbd } from "@threadbox/ui/kbd";
import { useId, useState } from "react";
import { commandLabels, hasSingleKeys, setSingleKeys, shortcutKeys } from "../shortcuts/index.ts";
import { sheetRows } from "./sheet-rows.ts";
import { sheetTexts } from "./texts.ts";

export interface PaletteWindowProps {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

function SingleKeys() {
  const [isOn, setIsOn] = useState(hasSingleKeys);
  const hint = useId();
  return (
    <div className="border-t pt-4">
      <label className="flex items-center justify-between gap-4 font-medium">
        {sheetTexts.singleKeys}
        <input
          type="checkbox"
          checked={isOn}
          aria-describedby={hint}
          className="size-4"
          onChange={({ currentTarget }) => {
            setSingleKeys(currentTarget.checked);
            setIsOn(currentTarget.checked);
          }}
        />
      </label>
      <p id={hint} className="mt-1 text-compact text-ink-muted">
        {sheetTexts.singleKeysHint}
      </p>
    </div>
  );
}

/** Every shortcut of the page, as the registry has them. */
export default function ShortcutSheet({ isOpen, onOpenChange }: PaletteWindowProps) {
  return (
    <Dialog isOpen={isOpen} onOpenChange={onOpenChange} title={sheetTexts.title}>
      {sheetRows().map(({ label, ids }) => (
        <section key={label} aria-label={label}>
          <h3 className="mb-1 text-compact text-ink-muted">{label}</h3>
          <dl>
            {ids.map((id) => (
              <div key={id} className="flex min-h-8 items-center justify-between gap-4">
                <dt>{commandLabels[id]}</dt>
                <dd>
                  <Kbd keys={shortcutKeys(id)} />
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <SingleKeys />
    </Dialog>
  );
}
