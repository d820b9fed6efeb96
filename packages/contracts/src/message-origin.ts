/** This file has no imports, so that the page can use it. */

/** A part of a user message that was not written in the chat. Its `data.from` says where; it has no text of its own. */
export const originPartType = "data-origin";

export interface OriginPart {
  readonly type: typeof originPartType;
  /** `opencode`: in OpenCode's own page. */
  readonly data: { readonly from: "opencode" };
}

export const openCodeOrigin: OriginPart = { type: originPartType, data: { from: "opencode" } };

/** Whether a message with these parts was written in OpenCode's own page. */
export const isFromOpenCode = (parts: readonly { readonly type: string }[]): boolean =>
  parts.some(({ type }) => type === originPartType);
