import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { api } from "../../fixture/_generated/api.js";
import { type Fixture, startFixture, watch } from "../server.testing.ts";

const metricsToken = "t".repeat(32);

describe("GET /metrics", () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture({ metricsToken });
  });
  afterAll(() => fixture.close());

  const read = async (token: string | null = metricsToken): Promise<Response> =>
    fetch(`${fixture.url}/metrics`, token === null ? {} : { headers: { authorization: `Bearer ${token}` } });
  /** Of lines `{"name",label="…"} value`. */
  const figure = async (series: string): Promise<number> => {
    const line = (await (await read()).text()).split("\n").find((text) => text.startsWith(`{${series}} `));
    return Number(line?.split("} ").at(-1));
  };

  test.each([
    ["no token", null],
    ["another token", "u".repeat(32)],
  ])("with %s is refused", async (_, token) => {
    expect((await read(token)).status).toBe(401);
  });

  test("without a token of the server's nobody is told", async () => {
    const closed = await startFixture();
    const response = await fetch(`${closed.url}/metrics`, { headers: { authorization: "Bearer undefined" } });
    expect(response.status).toBe(401);
    await closed.close();
  });

  test("counts runs by kind and outcome, with their latencies", async () => {
    await fixture.http().mutation(api.counters.increment, { name: "m" });
    await fixture
      .http()
      .mutation(api.messages.refuse, { code: 1n })
      .catch(() => null);
    await fixture.http().query(api.counters.get, { name: "m" });
    expect(await figure('"convex.functions",kind="mutation",outcome="success"')).toBe(1);
    expect(await figure('"convex.functions",kind="mutation",outcome="FunctionFailed"')).toBe(1);
    expect(await figure('"convex.function_latency_count",kind="mutation"')).toBe(2);
    expect(await figure('"convex.function_latency_bucket",kind="query",le="+Inf"')).toBe(1);
    expect(await figure('"convex.function_latency_sum",kind="query"')).toBeGreaterThan(0);
  });

  test("tells of sessions, what they watch, what waits and what is written", async () => {
    const counter = watch(fixture.client(), api.counters.get, { name: "watched" });
    await counter.until((value) => value === 0);
    await fixture.http().mutation(api.jobs.addLater, { name: "late", delayMs: 3_600_000 });
    expect(await figure('"convex.sessions"')).toBe(1);
    expect(await figure('"convex.watched_queries"')).toBe(1);
    expect(await figure('"convex.watched_answers_chars"')).toBe(1);
    expect(await figure('"convex.waiting_writes"')).toBe(0);
    expect(await figure('"convex.scheduled_pending"')).toBe(1);
    expect(await figure('"convex.wal_bytes"')).toBeGreaterThan(0);
  });
});
