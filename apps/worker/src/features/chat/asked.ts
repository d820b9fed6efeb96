import { attachmentPath } from "@threadbox/contracts/attachment-limits";
import { AttachmentPart } from "@threadbox/contracts/attachments";
import type { UIMessage } from "ai";
import { Schema } from "effect";

/** What a person's message asks: words, and files that lie in the workspace. */
export interface Asked {
  readonly text: string;
  readonly attachments: readonly AttachmentPart[];
}

const isAttachment = Schema.is(AttachmentPart);

export const attachmentsIn = (parts: readonly unknown[]): readonly AttachmentPart[] =>
  parts.filter((part) => isAttachment(part));

export const askedIn = ({ parts }: Pick<UIMessage, "parts">): Asked => ({
  text: parts.map((part) => (part.type === "text" ? part.text : "")).join(""),
  attachments: attachmentsIn(parts),
});

/** The names of the files, as a person reads them. */
export const namesOf = (attachments: readonly AttachmentPart[]): readonly string[] =>
  attachments.map(({ filename }) => filename);

/** Where in the workspace they lie. */
export const pathsOf = (attachments: readonly AttachmentPart[]): readonly string[] =>
  attachments.flatMap((part) => attachmentPath(part) ?? []);

/** The words of a message, or its files where it has none: what it is known by. */
export const lineOf = ({ text, attachments = [] }: { readonly text: string } & Partial<Asked>): string =>
  text.trim() === "" ? namesOf(attachments).join(", ") : text;
