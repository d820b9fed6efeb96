/** Bytes of an output; one that is part of no character counts as it was. */
export const outputBytes = (output: string): number =>
  new TextEncoder().encode(output.replaceAll("\uFFFD", "?")).length;
