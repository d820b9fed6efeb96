import { runningText } from "../../lib/duration.ts";
import { useNow } from "../../lib/use-now.ts";

/** A clock that counts from then, in milliseconds since 1970. */
export function Elapsed({ since }: { readonly since: number }) {
  const text = runningText(useNow(1_000) - since);
  return text === "" ? null : <bdi className="text-ink-muted tabular">{text}</bdi>;
}
