import { Eye } from "lucide-react";
import { ChangeCount } from "../text/index.ts";
import type { DiffActions } from "./diff-list.tsx";
import type { ReadFile } from "./diff-rows.ts";
import { PathText } from "./path-text.tsx";
import { changesTexts } from "./texts.ts";

export interface FileListProps {
  readonly files: readonly ReadFile[];
  readonly isViewed: DiffActions["isViewed"];
  readonly onChoose: (path: string) => void;
}

/** Every changed file with its counts; choosing one brings its changes to the top. */
export function FileList({ files, isViewed, onChoose }: FileListProps) {
  return (
    <nav aria-label={changesTexts.files} className="changes-files">
      <ul>
        {files.map(({ file }) => (
          <li key={file.path}>
            <button type="button" className="changes-choice" onClick={() => onChoose(file.path)}>
              <PathText path={file.path} />
              {isViewed(file) ? <Eye aria-label={changesTexts.viewedShort} role="img" /> : null}
              {file.additions === null || file.deletions === null ? null : (
                <ChangeCount additions={file.additions} deletions={file.deletions} />
              )}
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}
