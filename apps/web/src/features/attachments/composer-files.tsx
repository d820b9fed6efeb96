import { attachmentLimits } from "@threadbox/contracts/attachment-limits";
import { Button, IconButton } from "@threadbox/ui/button";
import { Paperclip, X } from "lucide-react";
import { type RefObject, useEffect, useRef, useState } from "react";
import { useAnswering } from "../../lib/answering.ts";
import { keepFocus } from "../../lib/focus.ts";
import { type Attached, newThreadDraft } from "../outbox/index.ts";
import { isPicture } from "./attached.ts";
import "./attachments.css";
import { Chip } from "./chip.tsx";
import { deviceFiles } from "./device-files.ts";
import { type ChangeAttached, useDraftFiles } from "./draft-files.ts";
import { useDraftUploads } from "./draft-uploads.ts";
import { useDroppedFiles } from "./dropped-files.ts";
import { isDrawable, takeFiles } from "./taken-files.ts";
import { attachmentTexts } from "./texts.ts";

export interface ComposerFilesProps {
  /** Where the draft is kept: the thread's id, or the place of drafts without a thread. */
  readonly place: string;
  readonly field: RefObject<HTMLTextAreaElement | null>;
  readonly attached: readonly Attached[];
  readonly onAttached: ChangeAttached;
  readonly text: string;
  readonly onText: (text: string) => void;
  /** The text is longer than a message may be. */
  readonly isTooLong: boolean;
  readonly isDisabled: boolean;
}

/** What goes with the message beside its text: the files, the ways to attach more, and what can't be sent as it is. */
export function ComposerFiles(props: ComposerFilesProps) {
  const { place, field, attached, onAttached, text, onText, isTooLong, isDisabled } = props;
  const [problems, setProblems] = useState<readonly string[]>([]);
  const [box, setBox] = useState<HTMLTextAreaElement | null>(null);
  const picker = useRef<HTMLInputElement>(null);
  useEffect(() => setBox(field.current), [field]);
  useDraftFiles(place, attached, onAttached);
  const { client, states, remove, retry } = useDraftUploads(place, attached, onAttached);

  const take = async (given: readonly File[]) => {
    const { files, problems: left } = await takeFiles(given, attached, {
      newId: () => crypto.randomUUID(),
      isDrawable,
    });
    const kept = await Promise.all(files.map(({ part, content }) => deviceFiles().keep(part.url, content, Date.now())));
    setProblems(kept.includes(false) ? [...left, attachmentTexts.noSpace] : left);
    onAttached((now) => [...now, ...files.map(({ part }) => part)].slice(0, attachmentLimits.filesMax));
    box?.focus();
    return files.length > 0;
  };
  const isOver = useDroppedFiles(box, isDisabled, (files) => void take(files));

  const sendAsFile = async () => {
    if (await take([new File([text], attachmentTexts.pastedName, { type: "text/plain" })])) onText("");
  };
  const answering = useAnswering(place === newThreadDraft ? null : place);
  // Of every other model nobody knows: it's tried, and says so itself.
  const isBlind = answering?.provider === "demo" && attached.some(isPicture);
  const removeAt = (part: Attached) => {
    remove(part);
    keepFocus();
  };
  return (
    <>
      {isOver ? (
        <div className="attached-drop">
          <span>{attachmentTexts.drop}</span>
        </div>
      ) : null}
      {isTooLong ? (
        <p id="message-problem" role="status" className="attached-problem">
          {attachmentTexts.tooLong}{" "}
          <Button size="sm" onClick={() => void sendAsFile()}>
            {attachmentTexts.asFile}
          </Button>
        </p>
      ) : null}
      {problems.length === 0 ? null : (
        <div role="status" className="attached-problem">
          <ul>
            {problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
          <IconButton label={attachmentTexts.dismiss} icon={<X />} size="xs" onClick={() => setProblems([])} />
        </div>
      )}
      {attached.length === 0 ? null : (
        <ul aria-label={attachmentTexts.toSend} className="attached-chips">
          {attached.map((part) => (
            <Chip
              key={part.url}
              threadId={place}
              part={part}
              client={client}
              state={states.get(part.url)}
              onRemove={() => removeAt(part)}
              onRetry={() => retry(part)}
            />
          ))}
        </ul>
      )}
      {isBlind ? <p className="attached-hint">{attachmentTexts.unseen}</p> : null}
      <span role="status" className="sr-only">
        {attached.length === 0 ? "" : attachmentTexts.count(attached.length)}
      </span>
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        onChange={({ currentTarget }) => {
          void take([...(currentTarget.files ?? [])]);
          currentTarget.value = "";
        }}
      />
      <IconButton
        label={attachmentTexts.attach}
        icon={<Paperclip />}
        className="attached-button"
        disabled={isDisabled}
        onClick={() => picker.current?.click()}
      />
    </>
  );
}
