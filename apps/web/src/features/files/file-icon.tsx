import type { FileEntry } from "@threadbox/contracts/sandbox-host";
import { ChevronDown, ChevronRight, CornerUpRight, File, FileQuestion } from "lucide-react";

export interface FileIconProps {
  readonly kind: FileEntry["kind"];
  readonly isExpanded?: boolean;
}

export function FileIcon({ kind, isExpanded = false }: FileIconProps) {
  if (kind === "directory") return isExpanded ? <ChevronDown /> : <ChevronRight className="files-flip" />;
  if (kind === "symlink") return <CornerUpRight />;
  return kind === "file" ? <File /> : <FileQuestion />;
}
