import type { Snippet } from "@threadbox/contracts/program-runs";
import { Button, IconButton } from "@threadbox/ui/button";
import { LoaderCircle, Trash2 } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { Fold } from "../../lib/fold.tsx";
import { ScrollPre } from "../../lib/scroll-pre.tsx";
import { useOnline } from "../../lib/use-online.ts";
import { SentRequests, UndoChanges } from "../approvals/index.ts";
import { HighlightedCode, visibleText } from "../text/index.ts";
import { failureText } from "./failure-text.ts";
import type { ProgramsClient, RunOutcome } from "./programs-client.ts";
import { programsTexts as texts } from "./texts.ts";

/** Undefined: it is no JSON. Null: nothing was written. */
const readArguments = (text: string): { readonly arguments?: NonNullable<RunOutcome["result"]> | null } | undefined => {
  if (text.trim() === "") return {};
  try {
    return { arguments: JSON.parse(text) };
  } catch {
    return undefined;
  }
};

function Ended({ outcome, threadId }: { readonly outcome: RunOutcome; readonly threadId: string }) {
  const { sent = [], changes } = outcome;
  return (
    <>
      <ScrollPre className="max-h-60 whitespace-pre-wrap break-words rounded-md bg-sunken px-2 py-2 text-xs leading-5">
        {outcome.error === undefined ? (
          visibleText(JSON.stringify(outcome.result ?? null, null, 2))
        ) : (
          <span className="text-bad">{visibleText(outcome.error)}</span>
        )}
      </ScrollPre>
      {sent.length === 0 ? null : <SentRequests sent={sent} />}
      {changes === undefined ? null : <UndoChanges threadId={threadId} approvalId={changes} />}
    </>
  );
}

interface RunFormProps extends Pick<SavedProgramProps, "client" | "onChanged" | "threadId"> {
  readonly snippetId: string;
}

function RunForm({ snippetId, threadId, client, onChanged }: RunFormProps) {
  const isOnline = useOnline();
  const hintId = useId();
  const [text, setText] = useState("");
  const [isRunning, setIsRunning] = useState(false);
  const [outcome, setOutcome] = useState<RunOutcome | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const wish = readArguments(text);
  const run = async (event: FormEvent) => {
    event.preventDefault();
    if (wish === undefined) return;
    setIsRunning(true);
    setOutcome(null);
    setFailure(null);
    try {
      setOutcome(await client.run(snippetId, wish));
      onChanged();
    } catch (error) {
      setFailure(failureText(error));
    }
    setIsRunning(false);
  };
  return (
    <form onSubmit={(event) => void run(event)} className="flex flex-col gap-2">
      <textarea
        aria-label={texts.arguments}
        aria-describedby={hintId}
        aria-invalid={wish === undefined}
        placeholder={texts.arguments}
        rows={2}
        value={text}
        spellCheck={false}
        onChange={({ target }) => setText(target.value)}
        className="relative w-full rounded-md border bg-raised px-2 py-1.5 font-mono text-xs pointer-coarse:text-base"
      />
      <div className="flex flex-wrap items-center gap-2">
        <p id={hintId} className="min-w-0 flex-1 basis-48 text-ink-muted text-xs">
          {wish === undefined ? texts.notJson : texts.argumentsHint}
        </p>
        <Button size="sm" tone="accent" type="submit" disabled={isRunning || wish === undefined || !isOnline}>
          {isRunning ? <LoaderCircle className="animate-turn" /> : null}
          {isRunning ? texts.running : texts.runNow}
        </Button>
      </div>
      {failure === null ? null : (
        <p role="alert" className="text-bad text-xs">
          {failure}
        </p>
      )}
      <div role="status" aria-label={texts.result}>
        {outcome === null ? null : <Ended outcome={outcome} threadId={threadId} />}
      </div>
    </form>
  );
}

export interface SavedProgramProps {
  readonly threadId: string;
  readonly snippet: Snippet;
  readonly client: ProgramsClient;
  readonly onChanged: () => void;
}

/** A program that was kept: its text, a way to run it again, and one to delete it. */
export function SavedProgram({
  threadId,
  snippet: { snippetId, name, program },
  client,
  onChanged,
}: SavedProgramProps) {
  const isOnline = useOnline();
  const [isRemoving, setIsRemoving] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const remove = async () => {
    setIsRemoving(true);
    setFailure(null);
    try {
      await client.drop(snippetId);
      onChanged();
    } catch (error) {
      setFailure(failureText(error));
      setIsRemoving(false);
    }
  };
  return (
    <li className="relative">
      <Fold
        head={<span className="min-w-0 flex-1 truncate">{visibleText(name)}</span>}
        className="min-h-9 px-4 pe-11 text-compact"
      >
        <div className="flex flex-col gap-2 px-4 pb-3">
          <ScrollPre className="max-h-60 whitespace-pre-wrap break-words rounded-md bg-sunken px-2 py-2 text-xs leading-5">
            <code>
              <HighlightedCode code={visibleText(program)} language="js" />
            </code>
          </ScrollPre>
          <RunForm snippetId={snippetId} threadId={threadId} client={client} onChanged={onChanged} />
        </div>
      </Fold>
      <span className="absolute end-1.5 top-1">
        <IconButton
          label={texts.remove(visibleText(name))}
          icon={<Trash2 />}
          size="sm"
          disabled={isRemoving || !isOnline}
          onClick={() => void remove()}
        />
      </span>
      {failure === null ? null : (
        <p role="alert" className="px-4 pb-2 text-bad text-xs">
          {failure}
        </p>
      )}
    </li>
  );
}
