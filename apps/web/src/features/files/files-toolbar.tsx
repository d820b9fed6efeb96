import { IconButton } from "@threadbox/ui/button";
import { Menu, type MenuAction } from "@threadbox/ui/menu";
import { TextField } from "@threadbox/ui/text-field";
import { Ellipsis, FilePlus, FolderPlus, RotateCw, Search, Upload } from "lucide-react";
import { useRef } from "react";
import { filesTexts } from "./texts.ts";

export interface FilesToolbarProps {
  readonly query: string;
  readonly onQuery: (query: string) => void;
  readonly onMake: (kind: "file" | "folder") => void;
  readonly onFiles: (files: readonly File[]) => void;
  readonly onRefresh: () => void;
  /** Of the row with the tree's focus, and of everything. */
  readonly menu: { readonly label: string; readonly actions: readonly MenuAction[] };
}

/** Finds, makes and uploads files. */
export function FilesToolbar({ query, onQuery, onMake, onFiles, onRefresh, menu }: FilesToolbarProps) {
  const picker = useRef<HTMLInputElement>(null);
  return (
    <div className="files-toolbar">
      <TextField
        label={filesTexts.search}
        placeholder={filesTexts.search}
        type="search"
        icon={<Search />}
        className="files-search"
        value={query}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => onQuery(event.target.value)}
      />
      <IconButton label={filesTexts.newFile} icon={<FilePlus />} size="sm" onClick={() => onMake("file")} />
      <IconButton label={filesTexts.newFolder} icon={<FolderPlus />} size="sm" onClick={() => onMake("folder")} />
      <IconButton label={filesTexts.upload} icon={<Upload />} size="sm" onClick={() => picker.current?.click()} />
      <IconButton label={filesTexts.refresh} icon={<RotateCw />} size="sm" onClick={onRefresh} />
      <Menu
        trigger={(props) => <IconButton {...props} label={menu.label} icon={<Ellipsis />} size="sm" />}
        actions={menu.actions}
      />
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        aria-label={filesTexts.upload}
        onChange={({ currentTarget }) => {
          onFiles([...(currentTarget.files ?? [])]);
          currentTarget.value = "";
        }}
      />
    </div>
  );
}
