import { Schema } from "effect";
import { attachmentLimits, attachmentPath } from "./attachment-limits.ts";

/**
 * A file that goes with a message: a part of the message in the AI SDK's words. It lies in the thread's workspace, directly
 * in `attachmentFolder`, and `url` says so of `filename`; nothing else can be named.
 */
export const AttachmentPart = Schema.Struct({
  type: Schema.Literal("file"),
  mediaType: Schema.String.check(
    Schema.isMaxLength(attachmentLimits.mediaTypeLengthMax),
    Schema.isPattern(/^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/),
  ),
  filename: Schema.String,
  url: Schema.String,
  providerMetadata: Schema.Struct({
    threadbox: Schema.Struct({
      sizeBytes: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: attachmentLimits.bytesMax })),
    }),
  }),
}).check(Schema.makeFilter((part) => attachmentPath(part) !== null));
export type AttachmentPart = typeof AttachmentPart.Type;

export const AttachmentParts = Schema.Array(AttachmentPart).check(Schema.isMaxLength(attachmentLimits.filesMax));
