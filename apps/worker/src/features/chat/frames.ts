import { attachmentLimits } from "@threadbox/contracts/attachment-limits";
import { AttachmentPart } from "@threadbox/contracts/attachments";
import { MessageId } from "@threadbox/contracts/ids";
import { ThreadCommand } from "@threadbox/contracts/live";
import { originPartType } from "@threadbox/contracts/message-origin";
import { Option, Schema } from "effect";
import type { Asked } from "./asked.ts";

/** A chat request as far as it is believed: its last message, and which one it is another version of. */
export interface ChatSubmission extends Asked {
  readonly requestId: string;
  readonly trigger: "submit-message" | "regenerate-message";
  readonly messageId: MessageId;
  readonly siblingOf: MessageId | null;
}

export type ClientFrame =
  | { readonly kind: "submission"; readonly submission: ChatSubmission }
  /** A chat request that cannot be read, or that brings anything but a user's text and files of the workspace. */
  | { readonly kind: "malformed"; readonly requestId: string | null; readonly reason: string }
  | { readonly kind: "cancel"; readonly requestId: string }
  | { readonly kind: "command"; readonly command: ThreadCommand }
  /** Frames of the resume handshake: they change nothing and go to the SDK as they are. */
  | { readonly kind: "resume" }
  /** The client believes to hold the transcript; it is told the server's. */
  | { readonly kind: "transcript" }
  /** Everything else: state, calls, tool results, clearing. Nobody but the server does that here. */
  | { readonly kind: "other" };

/** Longest frame that is looked at. */
const frameLengthMax = 8 * 1024 * 1024;

const RequestId = Schema.String.check(Schema.isPattern(/^[\w-]{1,64}$/));
const Frame = Schema.Struct({ type: Schema.String, id: Schema.optionalKey(Schema.Unknown) });
const ChatRequest = Schema.Struct({ id: RequestId, init: Schema.Struct({ body: Schema.String }) });
const Cancel = Schema.Struct({ id: RequestId });
const Body = Schema.fromJsonString(
  Schema.Struct({
    messages: Schema.NonEmptyArray(Schema.Unknown),
    trigger: Schema.optionalKey(Schema.Literals(["submit-message", "regenerate-message"])),
    siblingOf: Schema.optionalKey(MessageId),
  }),
);
/** Where a message was written is the thread's to say; a client that asks again shows what it was told. */
const UserPart = Schema.Union([
  Schema.Struct({ type: Schema.Literal("text"), text: Schema.String }),
  Schema.Struct({ type: Schema.Literal(originPartType) }),
  AttachmentPart,
]);
const UserMessage = Schema.Struct({
  id: MessageId,
  role: Schema.Literal("user"),
  parts: Schema.NonEmptyArray(UserPart),
});

const decodeFrame = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Unknown));
const asFrame = Schema.decodeUnknownOption(Frame);
const asChatRequest = Schema.decodeUnknownOption(ChatRequest);
const asCancel = Schema.decodeUnknownOption(Cancel);
const asCommand = Schema.decodeUnknownOption(ThreadCommand);
const decodeBody = Schema.decodeUnknownOption(Body);
const asUserMessage = Schema.decodeUnknownOption(UserMessage);
const asRequestId = Schema.decodeUnknownOption(RequestId);

const readChatRequest = (frame: unknown, id: unknown): ClientFrame => {
  const requestId = Option.getOrNull(asRequestId(id));
  const malformed = (reason: string): ClientFrame => ({ kind: "malformed", requestId, reason });
  const request = Option.getOrNull(asChatRequest(frame));
  if (request === null) return malformed("This isn't a chat request.");
  const body = Option.getOrNull(decodeBody(request.init.body));
  if (body === null) return malformed("Can't read the chat request.");
  const message = Option.getOrNull(asUserMessage(body.messages.at(-1)));
  if (message === null)
    return malformed("A message can only contain the user's text, and files from the workspace's uploads folder.");
  const attachments = message.parts.filter((part) => part.type === "file");
  if (attachments.length > attachmentLimits.filesMax)
    return malformed(`A message can have up to ${attachmentLimits.filesMax} files.`);
  return {
    kind: "submission",
    submission: {
      requestId: request.id,
      trigger: body.trigger ?? "submit-message",
      messageId: message.id,
      text: message.parts.map((part) => (part.type === "text" ? part.text : "")).join(""),
      attachments,
      siblingOf: body.siblingOf ?? null,
    },
  };
};

/** What a client's frame asks for. Total: whatever arrives is one of the kinds. */
export const readFrame = (data: unknown): ClientFrame => {
  if (typeof data !== "string" || data.length > frameLengthMax) return { kind: "other" };
  const content = Option.getOrNull(decodeFrame(data));
  const frame = Option.getOrNull(asFrame(content));
  switch (frame?.type) {
    case "cf_agent_use_chat_request":
      return readChatRequest(content, frame.id);
    case "cf_agent_chat_request_cancel": {
      const cancel = Option.getOrNull(asCancel(content));
      return cancel === null ? { kind: "other" } : { kind: "cancel", requestId: cancel.id };
    }
    case "cf_agent_stream_resume_request":
    case "cf_agent_stream_resume_ack":
      return { kind: "resume" };
    case "cf_agent_chat_messages":
      return { kind: "transcript" };
    case "threadbox_stop":
    case "threadbox_composing":
    case "threadbox_resume":
    case "threadbox_clear":
    case "threadbox_select":
    case "threadbox_unqueue":
    case "threadbox_advance": {
      const command = Option.getOrNull(asCommand(content));
      return command === null ? { kind: "other" } : { kind: "command", command };
    }
    default:
      return { kind: "other" };
  }
};
