import { ThreadId } from "@threadbox/contracts/ids";
import { Effect } from "effect";
import { expect, test } from "vitest";
import { recordings } from "./all-recordings.testing.ts";
import { followEvents } from "./event-stream.ts";
import { OpenCodeDouble } from "./opencode-double.testing.ts";

const events = 1_000;

test("however many events come at once, others get their turn after a few", async () => {
  const event = `data: ${JSON.stringify({ type: "session.idle", properties: { sessionID: "ses_1" } })}\n\n`;
  const sandbox = new OpenCodeDouble(recordings).sandbox(ThreadId.make("thread0123456789abcd"));
  const pieces = [new TextEncoder().encode(event.repeat(events))];
  const read = async () => {
    const value = pieces.shift();
    return value === undefined ? ({ done: true, value: undefined } as const) : ({ done: false, value } as const);
  };
  let heard = 0;
  let heardInOneGo = 0;
  let most = 0;
  const others = () => {
    heardInOneGo = 0;
    if (heard < events) setImmediate(others);
  };
  setImmediate(others);
  const lost = new Promise<void>((resolve) => {
    const hear = ({ kind }: { readonly kind: string }) => {
      if (kind === "lost") resolve();
      if (kind !== "event") return;
      heard++;
      most = Math.max(most, ++heardInOneGo);
    };
    const open = { read, close: () => undefined };
    Effect.runFork(followEvents(sandbox, { hear, caughtUp: Effect.void }, open));
  });
  await lost;
  expect(heard).toBe(events);
  expect(most).toBeLessThanOrEqual(64);
});
