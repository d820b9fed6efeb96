import { env } from "cloudflare:workers";
import { Generation, UserId } from "@threadbox/contracts/ids";
import { Effect, Layer } from "effect";
import { describe, expect, test } from "vitest";
import { WorkerConfig } from "../../config.ts";
import { refuser } from "../../http/failure.ts";
import { type AuditRefusal, AuditTrail } from "../../platform/audit.ts";
import { heardJournal } from "../../platform/journal.testing.ts";
import { SandboxOutbound } from "../../platform/outbound.ts";
import { newThreadId } from "../../testing/tokens.testing.ts";
import { testConfig } from "../sandbox/lifecycle.testing.ts";
import { runningSandboxes } from "../sandbox/sandboxes.testing.ts";
import { secretVaultLayer } from "../secrets/index.ts";
import { type EgressCall, EgressInterceptors } from "./interceptor.ts";
import { leaveContainer } from "./leave-container.ts";
import { policiesLayer } from "./policies.ts";

const threadId = newThreadId();
const generation = Generation.make(4);
const refused = refuser({ Forbidden: "This credential may not be sent to this host." });

/** Sends a request out of a container whose fourth start runs; `api.test` is intercepted, and `stolen.test` refuses. */
const leave = async (request: Request, params: unknown = { threadId, generation }) => {
  const sent: Request[] = [];
  const calls: EgressCall[] = [];
  const refusals: AuditRefusal[] = [];
  const journal = heardJournal();
  const response = await Effect.runPromise(
    leaveContainer(request, params, "request").pipe(
      Effect.provide(
        Layer.mergeAll(
          Layer.succeed(WorkerConfig, testConfig()),
          secretVaultLayer(env),
          Layer.succeed(AuditTrail, {
            append: () => Effect.void,
            refuse: (refusal) => Effect.sync(() => void refusals.push(refusal)),
            setAside: () => Effect.void,
            counts: Effect.die("not used"),
          }),
          Layer.succeed(SandboxOutbound, async (input) => {
            sent.push(input as Request);
            return new Response("from the host", { status: 302, headers: { location: "https://elsewhere.test/" } });
          }),
          Layer.succeed(EgressInterceptors, [
            {
              hosts: ["api.test"],
              handle: (call) =>
                Effect.sync(() => {
                  calls.push(call);
                  return new Response("from the interceptor");
                }),
            },
            {
              hosts: ["stolen.test"],
              handle: () => Effect.fail(refused("Forbidden", { userId: UserId.make("user_of_the_test"), threadId })),
            },
            { hosts: ["broken.test"], handle: () => Effect.die(new Error("canary-cause")) },
          ]),
          journal.layer,
          policiesLayer(env),
          runningSandboxes((id, current) => id === threadId && current === generation),
        ),
      ),
    ),
  );
  return { response, sent, calls, refusals };
};

describe("what leaves a container", () => {
  test("for an intercepted host is answered by who answers for it, in the sandbox's name", async () => {
    const request = new Request("https://api.test/v1?q=1", { method: "POST", body: "asked", headers: { a: "b" } });
    const { response, sent, calls } = await leave(request);
    expect(await response.text()).toBe("from the interceptor");
    const [call] = calls;
    expect(call).toMatchObject({ threadId, generation });
    expect([call?.request.url, call?.request.method, call?.request.headers.get("a")]).toEqual([
      request.url,
      "POST",
      "b",
    ]);
    expect(await call?.request.text()).toBe("asked");
    expect(sent).toEqual([]);
  });

  test.each(["https://registry.npmjs.org/left-pad", "http://deb.debian.org/debian/"])(
    "for an open host goes there as it is, and a redirect is the program's to follow: %s",
    async (url) => {
      const { response, sent } = await leave(new Request(url, { headers: { authorization: "Bearer own" } }));
      expect([response.status, await response.text()]).toEqual([302, "from the host"]);
      expect(sent.map((each) => [each.url, each.redirect, each.headers.get("authorization")])).toEqual([
        [url, "manual", "Bearer own"],
      ]);
    },
  );

  test.each([
    ["a host on no list", "https://example.test/"],
    ["an intercepted host without encryption", "http://api.test/"],
    ["another port", "https://registry.npmjs.org:8443/"],
    ["an address", "https://93.184.216.34/"],
    ["a name without a dot", "http://metadata/"],
    ["an address of IPv6", "https://[2606:2800:220:1::1]/"],
  ])("for %s is refused, and nobody is asked", async (_, url) => {
    const { response, sent, calls } = await leave(new Request(url));
    expect(response.status).toBe(403);
    expect([sent, calls]).toEqual([[], []]);
  });

  test.each([
    ["nobody's", null],
    ["no sandbox's", { threadId }],
    ["a start's that is over", { threadId, generation: 3 }],
    ["another thread's", { threadId: newThreadId(), generation }],
  ])("in %s name is refused", async (_, params) => {
    const { response, sent } = await leave(new Request("https://registry.npmjs.org/"), params);
    expect([response.status, sent]).toEqual([401, []]);
  });

  test("with a handle that may be stolen is refused and written down", async () => {
    const { response, refusals } = await leave(new Request("https://stolen.test/"));
    expect(response.status).toBe(403);
    expect(refusals).toMatchObject([{ tag: "Forbidden", subject: { threadId } }]);
  });

  test("that breaks us is an internal error without its cause", async () => {
    const { response } = await leave(new Request("https://broken.test/"));
    expect([response.status, (await response.text()).includes("canary")]).toEqual([500, false]);
  });
});
