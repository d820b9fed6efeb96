import { useEffect, useEffectEvent, useState } from "react";

type OnFiles = (files: readonly File[]) => void;

const holdsFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes("Files") === true;

/** Text that is copied from a document often comes with a picture of itself: then the text is meant. A file comes with its name. */
const pastedFiles = ({ clipboardData }: ClipboardEvent): readonly File[] => {
  if (clipboardData === null) return [];
  const { types, files } = clipboardData;
  const isText = types.includes("text/plain") && (types.includes("text/html") || types.includes("text/rtf"));
  return isText ? [] : [...files];
};

const isOtherField = (target: EventTarget | null, field: HTMLElement | null): boolean =>
  target !== field &&
  target instanceof Element &&
  target.closest("input, textarea, select, [contenteditable]:not([contenteditable='false'])") !== null;

/**
 * Takes files that are dropped anywhere on the page, unless something takes them for itself, or that are pasted where nothing
 * else is written. Answers whether files are being dragged over the page.
 */
export const useDroppedFiles = (field: HTMLElement | null, isOff: boolean, take: OnFiles): boolean => {
  const [isOver, setIsOver] = useState(false);
  const onFiles = useEffectEvent(take);
  useEffect(() => {
    if (isOff) return;
    const over = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      setIsOver(!event.defaultPrevented);
      // The browser would open what is dropped in the place of the page.
      event.preventDefault();
    };
    const leave = ({ relatedTarget }: DragEvent) => {
      if (relatedTarget === null) setIsOver(false);
    };
    const drop = (event: DragEvent) => {
      setIsOver(false);
      if (!holdsFiles(event) || event.defaultPrevented) return;
      event.preventDefault();
      onFiles([...(event.dataTransfer?.files ?? [])]);
    };
    const paste = (event: ClipboardEvent) => {
      const files = pastedFiles(event);
      if (files.length === 0 || event.defaultPrevented || isOtherField(event.target, field)) return;
      event.preventDefault();
      onFiles(files);
    };
    document.addEventListener("dragover", over);
    document.addEventListener("dragleave", leave);
    document.addEventListener("drop", drop);
    document.addEventListener("paste", paste);
    return () => {
      document.removeEventListener("dragover", over);
      document.removeEventListener("dragleave", leave);
      document.removeEventListener("drop", drop);
      document.removeEventListener("paste", paste);
      setIsOver(false);
    };
  }, [field, isOff]);
  return isOver;
};
