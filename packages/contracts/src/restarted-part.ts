/** This file has no imports, so that the page can use it. */

interface Part {
  readonly type: string;
}

/**
 * A part that only a message being streamed has: the model broke off and began its step again, so the last `data.parts`
 * text or reasoning parts before it are void. The settled message has neither them nor it.
 */
export const restartedPartType = "data-restarted";

interface RestartedPart extends Part {
  readonly type: typeof restartedPartType;
  readonly data: { readonly parts: number };
}

const voidCount = (part: Part): number =>
  part.type === restartedPartType && "data" in part ? (part as RestartedPart).data.parts : 0;

/** The parts of a message that count. */
export const validParts = <P extends Part>(parts: readonly P[]): readonly P[] => {
  const valid: P[] = [];
  for (const part of parts) {
    if (part.type !== restartedPartType) {
      valid.push(part);
      continue;
    }
    for (let left = voidCount(part); left > 0; left--) {
      const at = valid.findLastIndex(({ type }) => type === "text" || type === "reasoning");
      if (at >= 0) valid.splice(at, 1);
    }
  }
  return valid;
};
