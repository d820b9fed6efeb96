import { type DragEvent, type ReactNode, useState } from "react";
import { filesTexts } from "./texts.ts";

export interface DropAreaProps {
  /** Where what is dropped goes. */
  readonly folder: string;
  readonly onFiles: (files: readonly File[]) => void;
  readonly children: ReactNode;
}

const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer.types.includes("Files");

/** Files only: what is dropped of a folder is left out. */
const filesOf = ({ dataTransfer }: DragEvent): readonly File[] =>
  [...dataTransfer.items].flatMap((item) => {
    if (item.webkitGetAsEntry()?.isDirectory === true) return [];
    const file = item.getAsFile();
    return file === null ? [] : [file];
  });

/** Takes files that are dragged in from the person's own computer. */
export function DropArea({ folder, onFiles, children }: DropAreaProps) {
  const [isOver, setIsOver] = useState(false);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what is dropped here can be picked with the button as well
    <div
      className="files"
      onDragOver={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setIsOver(false);
      }}
      onDrop={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setIsOver(false);
        onFiles(filesOf(event));
      }}
    >
      {children}
      {isOver ? <div className="files-drop">{filesTexts.dropHere(folder)}</div> : null}
    </div>
  );
}
