import { FailedNotice } from "../../lib/notices.tsx";
import { QuestionDialog, type QuestionDialogProps } from "../../lib/question-dialog.tsx";
import type { WireFailure } from "../errors/index.ts";
import { failureText } from "./failure-text.ts";
import { modelKeyTexts as texts } from "./texts.ts";

interface KeyDialogProps extends Omit<QuestionDialogProps, "cancel" | "onSubmit"> {
  /** Does it with what was filled in; answers with why it wasn't done. */
  readonly onSubmit: (fields: FormData) => Promise<WireFailure | null>;
}

/** A question about a key. */
export function KeyDialog({ onSubmit, ...question }: KeyDialogProps) {
  return (
    <QuestionDialog
      cancel={texts.cancel}
      onSubmit={async (fields) => {
        const failure = await onSubmit(fields);
        return failure === null ? null : <FailedNotice>{failureText(failure)}</FailedNotice>;
      }}
      {...question}
    />
  );
}
