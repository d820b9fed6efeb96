import type { Terminal } from "@threadbox/contracts/terminal";
import { terminalLimits } from "@threadbox/contracts/terminal-limits";
import { IconButton } from "@threadbox/ui/button";
import { Menu } from "@threadbox/ui/menu";
import { ChevronDown, PencilLine, Plus, X } from "lucide-react";
import { useState } from "react";
import { visibleText } from "../../text/index.ts";
import { RenameField } from "../../threads/index.ts";
import { terminalTexts } from "./terminal-texts.ts";

export interface SessionRowProps {
  readonly terminals: readonly Terminal[];
  readonly shown: string | null;
  readonly onShow: (id: string) => void;
  readonly onOpen: () => void;
  readonly onRename: (id: string, title: string) => void;
  readonly onClose: (id: string) => void;
}

/** The thread's terminals, one of them in front. */
export function SessionRow({ terminals, shown, onShow, onOpen, onRename, onClose }: SessionRowProps) {
  const [renamed, setRenamed] = useState<string | null>(null);
  return (
    <nav aria-label={terminalTexts.terminals} className="terminal-row">
      {terminals.map(({ id, title }) => {
        const name = visibleText(title);
        if (renamed === id) {
          return (
            <div key={id} className="terminal-session" data-shown>
              <RenameField
                label={terminalTexts.name}
                lengthMax={terminalLimits.titleLengthMax}
                title={title}
                className="w-32 bg-transparent outline-none"
                onDone={(chosen) => {
                  setRenamed(null);
                  if (chosen !== null) onRename(id, chosen);
                }}
              />
            </div>
          );
        }
        return (
          <div key={id} className="terminal-session" data-shown={id === shown ? "" : undefined}>
            <button
              type="button"
              className="terminal-name"
              aria-current={id === shown ? "true" : undefined}
              onClick={() => onShow(id)}
              onDoubleClick={() => setRenamed(id)}
            >
              {name}
            </button>
            {id === shown ? (
              <Menu
                align="start"
                trigger={(menu) => (
                  <IconButton label={terminalTexts.more(name)} icon={<ChevronDown />} size="xs" {...menu} />
                )}
                actions={[
                  { label: terminalTexts.rename, icon: <PencilLine />, onSelect: () => setRenamed(id) },
                  { label: terminalTexts.close, icon: <X />, tone: "bad", onSelect: () => onClose(id) },
                ]}
              />
            ) : null}
          </div>
        );
      })}
      <IconButton label={terminalTexts.open} icon={<Plus />} size="sm" onClick={onOpen} />
    </nav>
  );
}
