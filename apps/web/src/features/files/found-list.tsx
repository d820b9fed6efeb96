import { visibleText } from "../text/index.ts";
import { FileIcon } from "./file-icon.tsx";
import { filesTexts } from "./texts.ts";
import { folderOf, nameOf } from "./tree-rows.ts";
import type { Search } from "./use-found-files.ts";

export interface FoundListProps {
  readonly search: Search;
  readonly onChoose: (path: string, isFolder: boolean) => void;
}

/** What a search by name has found. */
export function FoundList({ search, onChoose }: FoundListProps) {
  if (search.kind === "failed")
    return (
      <p role="alert" className="files-hint">
        {filesTexts.searchFailed}
      </p>
    );
  if (search.kind !== "found")
    return (
      <p role="status" className="files-hint">
        {filesTexts.loading}
      </p>
    );
  const { files, isCut } = search.found;
  if (files.length === 0)
    return (
      <p role="status" className="files-hint">
        {filesTexts.noResults}
      </p>
    );
  return (
    <div className="files-found">
      <ul aria-label={filesTexts.results}>
        {files.map(({ path, kind }) => (
          <li key={path}>
            <button type="button" className="files-result" onClick={() => onChoose(path, kind === "directory")}>
              <FileIcon kind={kind} />
              <span className="files-name" dir="auto">
                {visibleText(nameOf(path))}
              </span>
              <span className="files-note" dir="auto">
                {visibleText(folderOf(path))}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {isCut ? <p className="files-hint">{filesTexts.moreResults}</p> : null}
    </div>
  );
}
