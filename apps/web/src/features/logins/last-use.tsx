import { agoText } from "../../lib/ago-text.ts";
import { useNow } from "../../lib/use-now.ts";
import { loginTexts as texts } from "./texts.ts";

interface LastUseProps {
  /** Milliseconds since 1970, by the server's clock; null: never. */
  readonly at: number | null;
  /** How far the server's clock is ahead of this device's, in milliseconds. */
  readonly ahead: number;
}

const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

export function LastUse({ at, ahead }: LastUseProps) {
  const now = useNow(60_000) + ahead;
  if (at === null) return texts.notUsed;
  return (
    <>
      {texts.used}{" "}
      <time dateTime={new Date(at).toISOString()} title={exact.format(at)}>
        {agoText(now - at)}
      </time>
    </>
  );
}
