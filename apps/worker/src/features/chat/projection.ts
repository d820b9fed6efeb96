import type { AttachmentPart } from "@threadbox/contracts/attachments";
import { MessageId, type ThreadId, TurnId } from "@threadbox/contracts/ids";
import type { OriginPart } from "@threadbox/contracts/message-origin";
import { TurnMetadata } from "@threadbox/contracts/turn";
import type { UIMessage } from "ai";
import { Option, Schema } from "effect";
import type { Debt } from "../../platform/outbox.ts";
import type { TranscriptPart } from "../opencode/index.ts";

const textBytesMax = 8_192;

/** The beginning of a text that is at most so many bytes of UTF-8, cut between characters. */
export const cutToBytes = (text: string, bytesMax: number): string => {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= bytesMax) return text;
  let end = bytesMax;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return new TextDecoder().decode(bytes.subarray(0, end));
};

interface Placed {
  readonly threadId: ThreadId;
  readonly messageId: MessageId;
  readonly parentId: MessageId | null;
  readonly position: number;
  readonly createdAt: number;
}

/** What a person's message consists of. */
export type UserPart = { readonly type: "text"; readonly text: string } | AttachmentPart | OriginPart;

/** What a search finds of it, and what a thread that nobody named is called by: words, then names of files. */
const written = (part: UserPart): readonly string[] => {
  if (part.type === "text") return part.text === "" ? [] : [part.text];
  return part.type === "file" ? [part.filename] : [];
};

export const projectUserMessage = (placed: Placed, parts: readonly UserPart[]): Debt => ({
  path: "messages:project",
  args: {
    ...placed,
    role: "user",
    parts: JSON.stringify(parts),
    text: cutToBytes(parts.flatMap(written).join("\n"), textBytesMax),
  },
});

export const projectAnswer = (placed: Placed, parts: readonly TranscriptPart[], metadata: TurnMetadata): Debt => ({
  path: "messages:project",
  args: {
    ...placed,
    role: "assistant",
    parts: JSON.stringify(parts),
    text: cutToBytes(
      parts
        .flatMap((part) => (part.type === "text" ? [part.text] : []))
        .join("\n\n")
        .trim(),
      textBytesMax,
    ),
    metadata,
  },
});

const decodeMetadata = Schema.decodeUnknownOption(TurnMetadata);

/** What another thread's message is here. */
export const adoptedOf = ({ id, role }: UIMessage) => ({
  messageId: MessageId.make(id),
  role: role === "user" ? ("user" as const) : ("assistant" as const),
});

/** The same for a settled message that the thread begins with. `now`: where nothing says when it was made. */
export const projectAdopted = (
  message: UIMessage,
  place: Pick<Placed, "threadId" | "parentId" | "position">,
  now: number,
): Debt => {
  const { messageId, role } = adoptedOf(message);
  const unknown: TurnMetadata = { turnId: TurnId.make(messageId), state: "settled" };
  const metadata = Option.getOrElse(decodeMetadata(message.metadata), () => unknown);
  const placed = { ...place, messageId, createdAt: metadata.endedAt ?? metadata.startedAt ?? now };
  // The thread's own transcript: its parts were made by this slice, and the SDK's type for them says less.
  return role === "user"
    ? projectUserMessage(placed, message.parts as unknown as readonly UserPart[])
    : projectAnswer(placed, message.parts as unknown as readonly TranscriptPart[], metadata);
};
