import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { api } from "../../fixture/_generated/api.js";
import { type Fixture, startFixture, Watch } from "../server.testing.ts";

interface Shown {
  readonly results: readonly { readonly body: string }[];
  readonly status: string;
  readonly loadMore: (count: number) => unknown;
}

/** The types of this experimental method describe something else than it delivers. */
const isShown = (value: unknown): value is Shown => typeof value === "object" && value !== null && "loadMore" in value;

describe("paginated queries of Convex's own client", () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture();
  });
  afterAll(() => fixture.close());

  const send = (thread: string, order: number) =>
    fixture.http().mutation(api.messages.send, { thread, body: `m${order}`, order });

  const fill = async (thread: string, count: number): Promise<void> => {
    for (let order = 0; order < count; order += 1) await send(thread, order);
  };

  const paginate = (thread: string, initialNumItems: number): Watch<Shown> => {
    const client = fixture.client();
    return new Watch<Shown>((onValue, onError) =>
      client.onPaginatedUpdate_experimental(
        api.messages.page,
        // The client adds the pagination options itself, which the types of this function do not know.
        JSON.parse(JSON.stringify({ thread })),
        { initialNumItems },
        (shown: unknown) => {
          if (isShown(shown)) onValue(shown);
        },
        onError,
      ),
    );
  };

  const bodies = ({ results }: Shown): string[] => results.map(({ body }) => body);
  const newestFirst = (count: number, from = 0): string[] =>
    Array.from({ length: count - from }, (_, index) => `m${count - 1 - index}`);

  test("load page after page up to the end", async () => {
    await fill("load", 5);
    const shown = paginate("load", 2);
    const first = await shown.until(({ status }) => status === "CanLoadMore");
    expect(bodies(first)).toEqual(["m4", "m3"]);
    first.loadMore(2);
    const second = await shown.until(({ results, status }) => results.length === 4 && status === "CanLoadMore");
    second.loadMore(2);
    expect(bodies(await shown.until(({ status }) => status === "Exhausted"))).toEqual(newestFirst(5));
  });

  test("show a new document at the front without losing or doubling one at the seams", async () => {
    await fill("front", 4);
    const shown = paginate("front", 2);
    (await shown.until(({ status }) => status === "CanLoadMore")).loadMore(1);
    await shown.until(({ results, status }) => results.length === 3 && status === "CanLoadMore");
    await send("front", 4);
    expect(bodies(await shown.until(({ results }) => results[0]?.body === "m4"))).toEqual(["m4", "m3", "m2", "m1"]);
  });

  test("stay whole when a page grows so much that the client splits it", async () => {
    await fill("split", 3);
    const shown = paginate("split", 2);
    await shown.until(({ status }) => status === "CanLoadMore");
    for (let order = 3; order < 14; order += 1) await send("split", order);
    const grown = await shown.until(({ results, status }) => results.length === 13 && status === "CanLoadMore");
    expect(bodies(grown)).toEqual(newestFirst(14, 1));
    await send("split", 14);
    expect(bodies(await shown.until(({ results }) => results.length === 14))).toEqual(newestFirst(15, 1));
  });

  test("keep their pages over a restart of the server", async () => {
    await fill("restart", 4);
    const shown = paginate("restart", 2);
    (await shown.until(({ status }) => status === "CanLoadMore")).loadMore(2);
    await shown.until(({ results }) => results.length === 4);
    await fixture.restart(Number(new URL(fixture.url).port));
    await send("restart", 4);
    expect(bodies(await shown.until(({ results }) => results[0]?.body === "m4"))).toEqual(newestFirst(5));
  });
});
