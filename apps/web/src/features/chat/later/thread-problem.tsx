import { Link } from "@tanstack/react-router";
import { Button, buttonLook } from "@threadbox/ui/button";
import { errorText, type WireFailure } from "../../errors/index.ts";
import { threadProblemTexts } from "../texts/conversation.ts";

/** Stands in place of a thread that cannot be shown: what happened, what is safe, one thing to do. */
export function ThreadProblem({ failure }: { readonly failure: WireFailure }) {
  const { text, action } = errorText(failure.tag, failure);
  const isMissing = failure.tag === "NotFound" || failure.tag === "ThreadScopeMismatch";
  return (
    <div role="alert" className="m-auto max-w-sm px-6 pb-24">
      <div aria-hidden="true" className="mb-4 h-px w-12 bg-accent" />
      <h1 className="font-semibold text-xl tracking-tight">
        {isMissing ? threadProblemTexts.notFound : threadProblemTexts.failed}
      </h1>
      <p className="mt-2 text-ink-muted">{text}</p>
      <div className="mt-6">
        {action === "newThread" ? (
          <Link to="/" className={buttonLook({ tone: "plain" })}>
            {threadProblemTexts.newThread}
          </Link>
        ) : (
          <Button onClick={() => window.location.reload()}>{threadProblemTexts.reload}</Button>
        )}
      </div>
    </div>
  );
}
