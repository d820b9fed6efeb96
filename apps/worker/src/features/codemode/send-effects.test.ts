import type { SentRequest } from "@threadbox/contracts/codemode";
import { Effect } from "effect";
import fc from "fast-check";
import { expect, test } from "vitest";
import { SandboxOutbound } from "../../platform/outbound.ts";
import { newThreadId } from "../../testing/tokens.testing.ts";
import { runtime } from "./approval.testing.ts";
import type { Held } from "./held-requests.ts";
import { makeAllowed } from "./make-allowed.ts";
import type { RequestState, RequestToSend } from "./send-requests.ts";

const request: fc.Arbitrary<Held> = fc
  .record({
    method: fc.constantFrom("POST", "PUT", "PATCH", "DELETE"),
    path: fc.stringMatching(/^[a-z]{0,8}$/),
    note: fc.stringMatching(/^[a-z]{1,8}$/),
    body: fc.option(fc.string({ maxLength: 20, unit: "grapheme" })),
  })
  .map(({ method, path, note, body }) => ({
    ...{ method, url: `https://api.github.com/${path}`, headers: [["x-note", note] as const] },
    body,
  }));

interface Kept {
  state: RequestState;
  answer: SentRequest | null;
}

const told = async (input: RequestInfo | URL, init?: RequestInit) => {
  const sent = new Request(input as Request, init);
  const headers = [["x-note", sent.headers.get("x-note") ?? ""] as const];
  const body = await sent.text();
  return { method: sent.method, url: sent.url, headers, body };
};

test("whatever fails or is lost in the middle, what has left is what was allowed, in its order, each once", async () => {
  const threadId = newThreadId();
  await fc.assert(
    fc.asyncProperty(
      fc.array(request, { maxLength: 5 }),
      fc.option(fc.nat({ max: 5 })),
      fc.option(fc.nat({ max: 5 })),
      async (allowed, failsAt, lostAt) => {
        const kept: Kept[] = allowed.map(() => ({ state: "held", answer: null }));
        const left: unknown[] = [];
        const outbound: typeof fetch = async (input, init) => {
          const at = left.length;
          left.push(await told(input, init));
          if (at === failsAt) throw new Error("The connection was lost.");
          return new Response("ok");
        };
        let marks = 0;
        const toSend = (mayBeLost: boolean): RequestToSend[] =>
          allowed.map((each, position) => ({
            ...each,
            state: kept[position]?.state ?? "failed",
            keep: (state, answer) => {
              // What is lost is lost after it was written down, before or after the request itself.
              kept[position] = { state, answer };
              marks += 1;
              if (mayBeLost && marks === lostAt) throw new Error("The object was lost.");
            },
          }));
        const once = (mayBeLost: boolean) =>
          runtime.runPromise(
            Effect.exit(
              makeAllowed({ changes: [], requests: toSend(mayBeLost) }, { threadId, requestId: "r" }).pipe(
                Effect.provideService(SandboxOutbound, outbound),
              ),
            ),
          );
        await once(true);
        const end = await once(false);
        const wanted = allowed.map((each) => ({ ...each, body: each.body ?? "" }));
        expect(left).toEqual(wanted.slice(0, left.length));
        if (end._tag === "Success") expect(left).toHaveLength(wanted.length);
        expect(kept.filter(({ state }) => state === "sent").length).toBeLessThanOrEqual(left.length);
      },
    ),
    { numRuns: 60 },
  );
});
