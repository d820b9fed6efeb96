import { codemodeLimits } from "@threadbox/contracts/codemode-limits";
import type { PendingApproval } from "@threadbox/contracts/program-approval";
import { Button } from "@threadbox/ui/button";
import { Skeleton } from "@threadbox/ui/skeleton";
import { type FormEvent, useId, useState } from "react";
import { durationText } from "../../lib/duration.ts";
import { FailedNotice, OfflineNotice } from "../../lib/notices.tsx";
import { useNow } from "../../lib/use-now.ts";
import { useOnline } from "../../lib/use-online.ts";
import { visibleText } from "../text/index.ts";
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
  const headingId = useId();
  const { view, look, isSending, failure, answer } = useQuestion(threadId, approvalId, isOnline);
  const left = Math.max(0, until - useNow(1_000));
  return (
    <section
      aria-labelledby={headingId}
      className="relative mb-3 overflow-hidden rounded-xl border border-warn/40 bg-raised text-compact"
    >
      <div className="flex flex-wrap items-baseline gap-x-2 px-3 pt-2">
        <h2 id={headingId} className="flex-1 basis-48 font-medium">
          {texts.title}
        </h2>
        <span className="text-ink-muted text-xs tabular">{texts.until(durationText(left))}</span>
      </div>
      {view.kind === "known" ? (
        <p
          // biome-ignore lint/a11y/noNoninteractiveTabindex: without focus the keyboard could not scroll it
          tabIndex={0}
          className="focus-inset relative max-h-[40dvh] overflow-auto whitespace-pre-wrap break-words px-3 py-1"
        >
          {visibleText(view.question.question)}
        </p>
      ) : null}
      {view.kind === "failed" ? (
        <FailedNotice className="mx-3 my-2" again={{ label: texts.retry, run: look }}>
          {texts.failed}
        </FailedNotice>
      ) : null}
      {view.kind === "loading" && isOnline ? (
        <div role="status" aria-label={texts.loading} className="px-3 py-2">
          <Skeleton className="h-8 w-full" radius="lg" />
        </div>
      ) : null}
      {failure === null ? null : <FailedNotice className="mx-3 mt-2">{failure}</FailedNotice>}
      {isOnline ? null : <OfflineNotice className="mx-3 mt-2 mb-2">{texts.offline}</OfflineNotice>}
      {view.kind !== "known" ? null : view.question.choices.length > 0 ? (
        <Choices choices={view.question.choices} isSending={isSending} isOnline={isOnline} answer={answer} />
      ) : (
        <FreeText isSending={isSending} isOnline={isOnline} answer={answer} />
      )}
    </section>
  );
}
