import { failureText } from "./failure-text.ts";
import { loginTexts as texts } from "./texts.ts";
import type { UseLogins } from "./use-logins.ts";

/** Why what is shown may be old, and why the last thing that was asked for was not done. */
export function OutageLine({ isOnline, outage, refusal }: Pick<UseLogins, "isOnline" | "outage" | "refusal">) {
  const failure = refusal ?? outage;
  if (!isOnline) {
    return (
      <p role="status" className="text-compact text-ink-muted">
        {texts.offline}
      </p>
    );
  }
  return failure === null ? null : (
    <p role="alert" className="text-bad text-compact">
      {failureText(failure)} {refusal === null ? texts.tryingAgain : null}
    </p>
  );
}
