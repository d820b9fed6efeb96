import { cutText } from "@threadbox/contracts/cut-text";
import type { MessageId } from "@threadbox/contracts/ids";
import { beginningId, pointLimits } from "@threadbox/contracts/point-limits";
import type { HostedPoint, PointId, ThreadPoints } from "@threadbox/contracts/points";
import { TurnMetadata } from "@threadbox/contracts/turn";
import type { UIMessage } from "ai";
import { Option, Schema } from "effect";
import { askedIn, lineOf } from "./asked.ts";
import { type MessageTree, parentOf } from "./message-tree.ts";

const decodeMetadata = Schema.decodeUnknownOption(TurnMetadata);

/** A point is of the end of a turn though its save began when the next one had: messages that wait follow at once. */
const lateMsMax = 5_000;

interface Conversation {
  readonly tree: MessageTree;
  readonly transcript: readonly UIMessage[];
}

const textOf = (message: UIMessage | undefined): string => (message === undefined ? "" : lineOf(askedIn(message)));

/** When a message was given to the agent; undefined where that is not known any more. */
const startOf = (messageId: MessageId, { tree, transcript }: Conversation): number | undefined => {
  const answers = new Set<string>(tree.children.get(messageId));
  const starts = transcript.flatMap(({ id, metadata }) =>
    answers.has(id) ? (Option.getOrUndefined(decodeMetadata(metadata))?.startedAt ?? []) : [],
  );
  return starts.length === 0 ? undefined : Math.min(...starts);
};

/** The newest point of the files as they were when the agent was given this message; null where none is kept. */
const pointBefore = (
  points: readonly HostedPoint[],
  messageId: MessageId,
  conversation: Conversation,
): PointId | null => {
  const start = startOf(messageId, conversation) ?? Number.POSITIVE_INFINITY;
  const parent = parentOf(conversation.tree, messageId);
  if (parent === null) return points.find(({ at, after }) => after === undefined && at <= start)?.id ?? beginningId;
  const ofParent = points.find(({ at, after }) => after === parent && at <= start + lateMsMax);
  return (ofParent ?? points.find(({ at }) => at <= start))?.id ?? null;
};

/** Points, the newest first, with what the conversation says of them. */
export const describePoints = (
  points: readonly HostedPoint[],
  before: MessageId | null,
  conversation: Conversation,
): ThreadPoints => {
  const messages = new Map<string, UIMessage>(conversation.transcript.map((message) => [message.id, message]));
  const aboutOf = ({ after }: HostedPoint): string => {
    const asked = after === undefined ? null : parentOf(conversation.tree, after);
    const text = textOf(messages.get(asked ?? ""))
      .replace(/\s+/g, " ")
      .trim();
    return cutText(text, pointLimits.aboutLengthMax);
  };
  const told = points.map((point) => {
    const about = aboutOf(point);
    return about === "" ? point : { ...point, about };
  });
  return before === null ? { points: told } : { points: told, before: pointBefore(points, before, conversation) };
};
