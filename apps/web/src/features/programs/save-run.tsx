import { programRunLimits } from "@threadbox/contracts/program-run-limits";
import { Button } from "@threadbox/ui/button";
import { TextField } from "@threadbox/ui/text-field";
import { type FormEvent, useState } from "react";
import { useOnline } from "../../lib/use-online.ts";
import { failureText } from "./failure-text.ts";
import type { ProgramsClient } from "./programs-client.ts";
import { programsTexts as texts } from "./texts.ts";

export interface SaveRunProps {
  readonly sequence: number;
  readonly client: ProgramsClient;
  readonly onSaved: () => void;
}

/** Keeps the program of a run under a name. */
export function SaveRun({ sequence, client, onSaved }: SaveRunProps) {
  const isOnline = useOnline();
  const [name, setName] = useState<string | null>(null);
  const [isSaving, setIsSaving] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  if (name === null)
    return (
      <Button
        size="sm"
        tone="quiet"
        aria-label={texts.saveRun(sequence)}
        disabled={!isOnline}
        onClick={() => setName("")}
      >
        {texts.save}
      </Button>
    );
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === "") return;
    setIsSaving(true);
    setFailure(null);
    try {
      await client.keep({ name: name.trim(), sequence });
      setName(null);
      onSaved();
    } catch (error) {
      setFailure(failureText(error));
    }
    setIsSaving(false);
  };
  return (
    <form onSubmit={(event) => void save(event)} className="flex w-full flex-wrap items-center gap-2">
      <TextField
        label={texts.name}
        placeholder={texts.name}
        value={name}
        autoFocus
        maxLength={programRunLimits.nameLengthMax}
        className="min-w-0 flex-1 basis-48"
        onChange={({ target }) => setName(target.value)}
      />
      <Button size="sm" tone="quiet" type="button" onClick={() => setName(null)}>
        {texts.cancel}
      </Button>
      <Button size="sm" tone="accent" type="submit" disabled={isSaving || name.trim() === "" || !isOnline}>
        {texts.saveDone}
      </Button>
      {failure === null ? null : (
        <p role="alert" className="w-full text-bad text-xs">
          {failure}
        </p>
      )}
    </form>
  );
}
