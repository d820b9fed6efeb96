import { FailedNotice } from "../../lib/notices.tsx";
import { QuestionDialog, type QuestionDialogProps } from "../../lib/question-dialog.tsx";
import { useLoginSession } from "../auth/index.ts";
import type { WireFailure } from "../errors/index.ts";
import { failureText } from "./failure-text.ts";
import { userSecretTexts as texts } from "./texts.ts";

interface SecretQuestionProps extends Omit<QuestionDialogProps, "cancel" | "onSubmit"> {
  /** Does it with what was filled in; answers with why it wasn't done, in words where the page knows it by itself. */
  readonly onSubmit: (fields: FormData) => Promise<WireFailure | string | null>;
}

/** A question about a secret. Whoever signed in too long ago is led there. */
export function SecretQuestion({ onSubmit, ...question }: SecretQuestionProps) {
  const { signIn } = useLoginSession();
  const signInAgain = {
    label: texts.signInAgain,
    run: () => void signIn("/settings").catch(() => undefined),
  };
  const shown = (failure: WireFailure | string) => {
    if (typeof failure === "string") return <FailedNotice>{failure}</FailedNotice>;
    const isOld = failure.tag === "ReauthRequired";
    return <FailedNotice {...(isOld ? { again: signInAgain } : {})}>{failureText(failure)}</FailedNotice>;
  };
  return (
    <QuestionDialog
      cancel={texts.cancel}
      onSubmit={async (fields) => {
        const failure = await onSubmit(fields);
        return failure === null ? null : shown(failure);
      }}
      {...question}
    />
  );
}
