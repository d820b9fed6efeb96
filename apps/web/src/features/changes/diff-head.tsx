import type { ChangedFile } from "@threadbox/contracts/changes";
import { Button, IconButton } from "@threadbox/ui/button";
import { Check, ChevronDown, Undo2 } from "lucide-react";
import { ChangeCount, visibleText } from "../text/index.ts";
import { isLeftOut } from "./changes-store.ts";
import type { Hunk } from "./hunks.ts";
import { PathText } from "./path-text.tsx";
import { changesTexts } from "./texts.ts";

export interface FileHeadProps {
  readonly file: ChangedFile;
  readonly isOpen: boolean;
  readonly isViewed: boolean;
  readonly onToggle: () => void;
  readonly onViewed: (isOn: boolean) => void;
  /** Absent where it cannot be accepted, or taken back, here. */
  readonly onAccept: (() => void) | undefined;
  readonly onRevert: (() => void) | undefined;
}

export function FileHead({ file, isOpen, isViewed, onToggle, onViewed, onAccept, onRevert }: FileHeadProps) {
  const { path, change, additions, deletions, kind } = file;
  const name = visibleText(path);
  return (
    <h3 className="changes-file">
      <IconButton
        label={isOpen ? changesTexts.hide(name) : changesTexts.show(name)}
        icon={<ChevronDown className="changes-chevron" />}
        size="sm"
        aria-expanded={isOpen}
        onClick={onToggle}
      />
      <PathText path={path} />
      <span className="changes-kind">{kind === "link" ? changesTexts.link : changesTexts[change]}</span>
      {additions === null || deletions === null ? null : <ChangeCount additions={additions} deletions={deletions} />}
      <label className="changes-viewed">
        <input
          type="checkbox"
          aria-label={changesTexts.viewed(name)}
          checked={isViewed}
          onChange={({ currentTarget }) => onViewed(currentTarget.checked)}
        />
        <span aria-hidden="true">{changesTexts.viewedShort}</span>
      </label>
      {onAccept === undefined ? null : (
        <IconButton label={changesTexts.acceptFile(name)} icon={<Check />} size="sm" onClick={onAccept} />
      )}
      {onRevert === undefined ? null : (
        <IconButton label={changesTexts.revertFile(name)} icon={<Undo2 />} size="sm" onClick={onRevert} />
      )}
    </h3>
  );
}

export interface HunkHeadProps {
  readonly hunk: Hunk;
  readonly onAccept: (() => void) | undefined;
  readonly onRevert: (() => void) | undefined;
}

export function HunkHead({ hunk: { title, afterStart }, onAccept, onRevert }: HunkHeadProps) {
  return (
    <div className="changes-hunk">
      <code className="changes-title">{visibleText(title)}</code>
      {onAccept === undefined ? null : (
        <IconButton label={changesTexts.acceptHunk(afterStart)} icon={<Check />} size="xs" onClick={onAccept} />
      )}
      {onRevert === undefined ? null : (
        <IconButton label={changesTexts.revertHunk(afterStart)} icon={<Undo2 />} size="xs" onClick={onRevert} />
      )}
    </div>
  );
}

export interface FileNoteProps {
  readonly file: ChangedFile;
  readonly state: "fetching" | "absent" | undefined;
  readonly onFetch: () => void;
}

/** Why there are no lines to see. */
export function FileNote({ file, state, onFetch }: FileNoteProps) {
  if (isLeftOut(file)) {
    return (
      <div className="changes-note">
        {state === "absent" ? (
          changesTexts.tooLarge
        ) : (
          <Button size="sm" disabled={state === "fetching"} onClick={onFetch}>
            {state === "fetching" ? changesTexts.fetching : changesTexts.fetch}
          </Button>
        )}
      </div>
    );
  }
  const text =
    file.hunks === null ? changesTexts.notText : file.hunks === "" ? changesTexts.noLines : changesTexts.unreadable;
  return <div className="changes-note">{text}</div>;
}
