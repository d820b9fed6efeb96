import { codemodeLimits } from "@threadbox/contracts/codemode-limits";
import type { PendingApproval } from "@threadbox/contracts/program-approval";
import { Button } from "@threadbox/ui/button";
import { type FormEvent, useState } from "react";
import { useOnline } from "../../lib/use-online.ts";
import { visibleText } from "../text/index.ts";
import { AskingCard } from "./asking-card.tsx";
import { questionTexts as texts } from "./question-texts.ts";
import { type UseQuestion, useQuestion } from "./use-question.ts";

type AnswerProps = Pick<UseQuestion, "isSending" | "answer"> & { readonly isOnline: boolean };

function Choices({ choices, isSending, isOnline, answer }: AnswerProps & { readonly choices: readonly string[] }) {
  return (
    <fieldset className="flex flex-wrap items-center gap-2 px-3 py-2" disabled={isSending || !isOnline}>
      <legend className="sr-only">{texts.choices}</legend>
      {choices.map((choice) => (
        <Button key={choice} size="sm" onClick={() => void answer(choice)}>
          {visibleText(choice)}
        </Button>
      ))}
      <span className="flex-1" />
      <Button size="sm" tone="quiet" onClick={() => void answer(null)}>
        {texts.decline}
      </Button>
    </fieldset>
  );
}

function FreeText({ isSending, isOnline, answer }: AnswerProps) {
  const [text, setText] = useState("");
  const isReady = text.trim() !== "" && isOnline && !isSending;
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (isReady) void answer(text.trim());
  };
  return (
    <form onSubmit={send} className="flex flex-col gap-2 px-3 py-2">
      <textarea
        aria-label={texts.yourAnswer}
        placeholder={texts.yourAnswer}
        value={text}
        rows={2}
        maxLength={codemodeLimits.replyLengthMax}
        onChange={({ target }) => setText(target.value)}
        className="relative min-h-9 w-full rounded-lg border bg-sunken px-2 py-1.5"
      />
      <div className="flex flex-wrap items-center justify-end gap-2">
        <Button
          size="sm"
          tone="quiet"
          type="button"
          disabled={isSending || !isOnline}
          onClick={() => void answer(null)}
        >
          {texts.decline}
        </Button>
        <Button size="sm" tone="accent" type="submit" disabled={!isReady}>
          {texts.send}
        </Button>
      </div>
    </form>
  );
}

export interface QuestionCardProps {
  readonly threadId: string;
  readonly pending: PendingApproval;
}

/** What a program asks while it runs, until somebody has answered. */
export function QuestionCard({ threadId, pending: { approvalId, until } }: QuestionCardProps) {
  const isOnline = useOnline();
  const { asked, isSending, failure, answer } = useQuestion(threadId, approvalId, isOnline);
  const choices = asked.state.kind === "known" ? asked.state.value.choices : null;
  return (
    <AskingCard
      title={texts.title}
      lead={null}
      until={until}
      texts={texts}
      asked={asked}
      body={({ question }) => (
        <p
          // biome-ignore lint/a11y/noNoninteractiveTabindex: without focus the keyboard could not scroll it
          tabIndex={0}
          className="focus-inset relative max-h-[40dvh] overflow-auto whitespace-pre-wrap break-words px-3 py-1"
        >
          {visibleText(question)}
        </p>
      )}
      isOnline={isOnline}
      failure={failure}
    >
      {choices === null ? null : choices.length > 0 ? (
        <Choices choices={choices} isSending={isSending} isOnline={isOnline} answer={answer} />
      ) : (
        <FreeText isSending={isSending} isOnline={isOnline} answer={answer} />
      )}
    </AskingCard>
  );
}
