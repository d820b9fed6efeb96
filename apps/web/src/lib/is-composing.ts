/**
 * Whether a key belongs to an input method, which a person types Chinese, Japanese or Korean with. Safari ends the
 * composition before it reports the Enter that confirmed it, and then only the code 229 tells.
 */
export const isComposing = (event: Pick<KeyboardEvent, "isComposing" | "keyCode">): boolean =>
  event.isComposing || event.keyCode === 229;
