import { Button } from "@threadbox/ui/button";
import { TextField } from "@threadbox/ui/text-field";
import { useEffect, useRef, useState } from "react";
import { filesTexts } from "./texts.ts";

export interface NameFormProps {
  readonly label: string;
  readonly initial: string;
  readonly submit: string;
  /** Resolves to a sentence where it did not work. */
  readonly onSubmit: (name: string) => Promise<string | null>;
  readonly onClose: () => void;
}

/** Whether this can be the name of a file. */
export const isName = (name: string): boolean =>
  name !== "" && name !== "." && name !== ".." && !name.includes("/") && !name.includes("\0");

/** Asks for a name, above the tree. */
export function NameForm({ label, initial, submit, onSubmit, onClose }: NameFormProps) {
  const [name, setName] = useState(initial);
  const [problem, setProblem] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    field.current?.focus();
    const dot = initial.lastIndexOf(".");
    field.current?.setSelectionRange(0, dot > 0 ? dot : initial.length);
  }, [initial]);
  return (
    <form
      className="files-form"
      onSubmit={async (event) => {
        event.preventDefault();
        const trimmed = name.trim();
        if (!isName(trimmed)) return setProblem(filesTexts.badName);
        setProblem(await onSubmit(trimmed));
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onClose();
      }}
    >
      <TextField
        ref={field}
        label={label}
        placeholder={label}
        value={name}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setName(event.target.value)}
      />
      <Button type="submit" tone="accent">
        {submit}
      </Button>
      <Button tone="quiet" onClick={onClose}>
        {filesTexts.cancel}
      </Button>
      {problem === null ? null : (
        <p role="alert" className="files-problem">
          {problem}
        </p>
      )}
    </form>
  );
}
