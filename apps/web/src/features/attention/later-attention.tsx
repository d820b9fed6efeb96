import { quietPart, useQuietPart } from "@threadbox/ui/quiet-part";
import type { AttentionProps } from "./attention.tsx";

const attention = quietPart(() => import("./attention.tsx"));

/** Tells that a turn has ended out of sight; its code is no part of a page's first words. */
export function Attention(props: AttentionProps) {
  const Part = useQuietPart(attention);
  return Part === null ? null : <Part {...props} />;
}
