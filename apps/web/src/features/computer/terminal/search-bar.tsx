import { IconButton } from "@threadbox/ui/button";
import { TextField } from "@threadbox/ui/text-field";
import { ChevronDown, ChevronUp, Search, X } from "lucide-react";
import { useState } from "react";
import { isComposing } from "../../../lib/is-composing.ts";
import type { Screen } from "./screen.ts";
import { terminalTexts } from "./terminal-texts.ts";

export interface SearchBarProps {
  readonly screen: Screen | null;
  readonly onClose: () => void;
}

/** Finds text in what a terminal has printed, the newest match first. */
export function SearchBar({ screen, onClose }: SearchBarProps) {
  const [text, setText] = useState("");
  const [isFound, setIsFound] = useState(true);
  const search = (wanted: string, direction: "next" | "previous") =>
    setIsFound(wanted === "" || screen === null || screen.search(wanted, direction));
  const close = () => {
    screen?.endSearch();
    onClose();
  };
  return (
    <search className="flex shrink-0 items-center gap-1 border-b px-2 py-1">
      <TextField
        label={terminalTexts.searchField}
        icon={<Search />}
        className="min-w-0 flex-1"
        autoFocus
        value={text}
        onChange={({ target }) => {
          setText(target.value);
          search(target.value, "previous");
        }}
        onKeyDown={(event) => {
          if (isComposing(event.nativeEvent)) return;
          if (event.key === "Enter") search(text, event.shiftKey ? "next" : "previous");
          else if (event.key === "Escape") close();
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
        end={
          <span role="status" className="shrink-0 text-compact text-ink-muted">
            {isFound ? "" : terminalTexts.searchNone}
          </span>
        }
      />
      <IconButton
        label={terminalTexts.searchPrevious}
        icon={<ChevronUp />}
        size="sm"
        onClick={() => search(text, "previous")}
      />
      <IconButton
        label={terminalTexts.searchNext}
        icon={<ChevronDown />}
        size="sm"
        onClick={() => search(text, "next")}
      />
      <IconButton label={terminalTexts.searchClose} icon={<X />} size="sm" onClick={close} />
    </search>
  );
}
