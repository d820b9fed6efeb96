/**
 * The look of the buttons below a message: shown to whoever points at it or tabs into it, and always where fingers are,
 * which also need them further apart. A message that is not the last keeps the row in the gap below it.
 */
export const actionRow =
  "flex h-7 items-center gap-0.5 transition-opacity duration-100 focus-within:opacity-100 group-hover/message:opacity-100 pointer-coarse:gap-4 pointer-coarse:opacity-100";
