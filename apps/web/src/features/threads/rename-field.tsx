import { titleLengthMax } from "@threadbox/contracts/limits";
import { useEffect, useRef } from "react";
import { isComposing } from "../../lib/is-composing.ts";
import { threadTexts } from "./texts.ts";

export interface RenameFieldProps {
  readonly title: string;
  /** Names the field; without it, it is the title of a thread. */
  readonly label?: string;
  readonly lengthMax?: number;
  readonly className?: string;
  /** Gets the new title, or null where nothing is to change. */
  readonly onDone: (title: string | null) => void;
}

/** Enter and leaving the field keep the new title; Esc keeps the old one. */
export function RenameField({ title, label, lengthMax, className, onDone }: RenameFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  const isDone = useRef(false);
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);
  const finish = (value: string | null) => {
    if (isDone.current) return;
    isDone.current = true;
    const chosen = value?.trim() ?? "";
    onDone(chosen === "" || chosen === title ? null : chosen);
  };
  return (
    <input
      ref={field}
      aria-label={label ?? threadTexts.title}
      defaultValue={title}
      maxLength={lengthMax ?? titleLengthMax}
      className={className}
      onBlur={({ currentTarget }) => finish(currentTarget.value)}
      onKeyDown={(event) => {
        if (isComposing(event.nativeEvent)) return;
        if (event.key === "Enter") finish(event.currentTarget.value);
        if (event.key === "Escape") finish(null);
        event.stopPropagation();
      }}
    />
  );
}
