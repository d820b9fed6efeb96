import { agoText } from "../../lib/ago-text.ts";
import { useNow } from "../../lib/use-now.ts";

const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

/** How long ago that was; `at` in milliseconds since 1970. */
export function Ago({ at }: { readonly at: number }) {
  const now = useNow(1_000);
  return (
    <time dateTime={new Date(at).toISOString()} title={exact.format(at)} className="tabular">
      {agoText(now - at)}
    </time>
  );
}
