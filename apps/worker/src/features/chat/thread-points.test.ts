import { MessageId } from "@threadbox/contracts/ids";
import { beginningId } from "@threadbox/contracts/point-limits";
import type { HostedPoint } from "@threadbox/contracts/points";
import type { UIMessage } from "ai";
import { describe, expect, test } from "vitest";
import { emptyTree, withMessage } from "./message-tree.ts";
import { describePoints } from "./thread-points.ts";

const id = (text: string) => MessageId.make(text);
const said = (messageId: string, text: string): UIMessage => ({
  id: messageId,
  role: "user",
  parts: [{ type: "text", text }],
});
const answered = (messageId: string, startedAt: number): UIMessage => ({
  id: messageId,
  role: "assistant",
  parts: [],
  metadata: { turnId: `turn_${messageId}`, state: "settled", startedAt },
});

const chain = ["m1", "a1", "m2", "a2"].map(id);
const tree = chain.reduce((grown, each, at) => withMessage(grown, each, chain[at - 1] ?? null), emptyTree);
const transcript = [said("m1", "first\n question"), answered("a1", 100), said("m2", "second"), answered("a2", 200)];
const point = (n: number, at: number, more: Partial<HostedPoint> = {}): HostedPoint => ({
  id: String(n).padStart(64, "0"),
  at,
  cause: "turn",
  bytes: 1,
  ...more,
});

describe("the point before a message", () => {
  const idBefore = (messageId: string, points: readonly HostedPoint[]) =>
    describePoints(points, id(messageId), { tree, transcript }).before;

  test("is the newest of the answer that it follows", () => {
    const points = [
      point(4, 210, { after: id("a2") }),
      point(3, 150, { after: id("a1"), cause: "use" }),
      point(2, 110, { after: id("a1") }),
    ];
    expect(idBefore("m2", points)).toBe(point(3, 0).id);
  });

  test("is none of later, but for a save that began while the next turn did", () => {
    const late = point(3, 202, { after: id("a1") });
    expect(idBefore("m2", [late])).toBe(late.id);
    const restored = point(5, 9_000, { after: id("a1") });
    const early = point(2, 110);
    expect(idBefore("m2", [restored, early])).toBe(early.id);
    expect(idBefore("m2", [restored])).toBeNull();
  });

  test("is the beginning for the first one, where nothing was saved before", () => {
    expect(idBefore("m1", [point(2, 110, { after: id("a1") })])).toBe(beginningId);
    expect(idBefore("m1", [point(1, 50)])).toBe(point(1, 0).id);
  });
});

test("a point says which message was answered last, in one line", () => {
  const [after, without, unknown] = describePoints(
    [point(1, 1, { after: id("a1") }), point(2, 2), point(3, 3, { after: id("gone") })],
    null,
    { tree, transcript },
  ).points;
  expect(after?.about).toBe("first question");
  expect(without).not.toHaveProperty("about");
  expect(unknown).not.toHaveProperty("about");
});
