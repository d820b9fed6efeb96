import { Generation } from "@threadbox/contracts/ids";
import { viewEndedMessage, viewOrigin } from "@threadbox/contracts/views";
import { describe, expect, test } from "vitest";
import { testBindings } from "../../testing/tokens.testing.ts";
import { endedPage } from "./ended-page.ts";
import { viewLabelOf } from "./view-host.ts";
import { base, tagOf, World } from "./views.testing.ts";

const appOrigin = testBindings.APP_ORIGIN;

describe("a ticket", () => {
  test("becomes a host-only cookie that no script reads, and a clean address", async () => {
    const world = new World();
    const answer = await world.redeem(await world.issue());
    expect(answer.status).toBe(303);
    expect(answer.headers.get("location")).toBe("/b64/session/ses_1");
    const cookie = answer.headers.get("set-cookie") ?? "";
    expect(cookie).toMatch(/^__Host-threadbox-view=[^;]+; Path=\/; Secure; HttpOnly; SameSite=Strict; Max-Age=3600$/);
    expect(world.asked).toEqual([]);
  });

  test("is good once", async () => {
    const world = new World();
    const issued = await world.issue();
    expect((await world.redeem(issued)).status).toBe(303);
    expect(await tagOf(await world.redeem(issued))).toBe("TokenInvalid");
  });

  test("is good for 30 seconds", async () => {
    const world = new World();
    const issued = await world.issue();
    await world.pass(viewOrigin.ticketSeconds * 1000);
    expect(await tagOf(await world.redeem(issued))).toBe("TokenInvalid");
  });

  test("is good on its own origin only", async () => {
    const [world, other] = [new World(), new World()];
    const { ticket } = await world.issue();
    const { label } = await other.issue();
    expect(await tagOf(await world.redeem({ ticket, label }))).toBe("TokenInvalid");
  });

  test("ends with the sign-out that follows it", async () => {
    const world = new World();
    const issued = await world.issue();
    await world.end();
    expect(await tagOf(await world.redeem(issued))).toBe("TokenInvalid");
  });
});

describe("a view's origin", () => {
  test("that we have not made is not there, and nobody is asked about it", async () => {
    const world = new World();
    for (const label of ["", "a", world.threadId, "a".repeat(50), "x.y"]) {
      const answer = await world.ask(label === "" ? "a" : label, "/");
      expect(answer.status).toBe(404);
    }
    expect(world.asked).toEqual([]);
  });

  test("answers nothing without its cookie, nor with a neighbour's", async () => {
    const [world, other] = [new World(), new World()];
    const { label } = await world.issue();
    const { headers } = await other.open();
    expect(await tagOf(await world.ask(label, "/"))).toBe("TokenMissing");
    expect(await tagOf(await world.ask(label, "/", { headers }))).toBe("TokenInvalid");
    expect(world.asked).toEqual([]);
  });

  test("passes on what OpenCode answers, and nothing of the browser's to it", async () => {
    const world = new World();
    const { label, headers } = await world.open();
    const answer = await world.ask(label, "/session?directory=/etc", { headers });
    expect(await answer.text()).toBe("hello");
    expect(answer.headers.get("content-security-policy")).toContain(`frame-ancestors ${appOrigin}`);
    expect(world.asked.map(({ path }) => path)).toEqual(["/session?directory=%2Fworkspace"]);
    expect(new Headers(world.asked[0]?.init?.headers).has("cookie")).toBe(false);
  });

  test("A42: follows no redirect, and passes on none that leads elsewhere", async () => {
    const world = new World();
    const { label, headers } = await world.open();
    world.program = () => new Response(null, { status: 302, headers: { location: "/b" } });
    const own = await world.ask(label, "/a", { headers });
    expect([own.status, own.headers.get("location")]).toEqual([302, "/b"]);
    world.program = () => new Response(null, { status: 302, headers: { location: "http://169.254.169.254/" } });
    const foreign = await world.ask(label, "/a", { headers });
    expect([foreign.status, foreign.headers.get("location")]).toEqual([400, null]);
    expect(world.asked).toHaveLength(2);
  });

  test("says to a person in words, and to the page around it, that the view has ended", async () => {
    const world = new World();
    const { label } = await world.issue();
    const answer = await world.ask(label, "/", { headers: { "sec-fetch-mode": "navigate" } });
    expect(answer.status).toBe(401);
    expect(await answer.text()).toMatch(/isn’t open in this browser[\s\S]*postMessage/);
    expect(answer.headers.get("content-security-policy")).toContain(`frame-ancestors ${appOrigin}`);
  });
});

describe("what a person writes in OpenCode's page", () => {
  const body = {
    messageID: "msg_0123456789abcdef",
    agent: "build",
    model: { providerID: "other", modelID: "dear" },
    parts: [{ id: "prt_1", type: "text", text: "hello" }],
  };
  const ask = { kind: "prompt", agent: "build", parts: body.parts };

  test("is the thread's to answer, and OpenCode is not asked", async () => {
    const world = new World();
    world.thread = () => ({ kind: "taken" });
    const answer = await world.post("/session/ses_1/prompt_async", body);
    expect(answer.status).toBe(204);
    const told = { kind: "ask", sessionId: "ses_1", promptId: body.messageID, ask, isBegun: false };
    expect([world.told, world.asked]).toEqual([[told], []]);
  });

  test.each([
    ["command", { command: "review", arguments: "it", messageID: body.messageID }],
    ["shell", { command: "ls", agent: "build" }],
  ] as const)("as a %s, too", async (kind, asked) => {
    const world = new World();
    world.thread = () => ({ kind: "taken" });
    expect((await world.post(`/session/ses_1/${kind}`, asked)).status).toBe(204);
    expect(world.told).toMatchObject([{ ask: { kind, command: asked.command } }]);
  });

  test("is refused with the thread's words, where OpenCode's page looks for them", async () => {
    const world = new World();
    world.thread = () => ({ kind: "refused", tag: "RateLimited", message: "Too many messages are waiting." });
    const answer = await world.post("/session/ses_1/prompt_async", body);
    expect(answer.status).toBe(429);
    expect(await answer.json()).toMatchObject({
      error: { _tag: "RateLimited" },
      data: { message: "Too many messages are waiting." },
    });
  });

  test("in a session that it has begun is another beginning of the thread; in a subagent's it is refused", async () => {
    const world = new World();
    const session = { id: "ses_2" };
    world.program = () => Response.json(session);
    world.thread = (request) => ({ kind: request.kind === "ask" && request.isBegun ? "taken" : "unknown" });
    expect((await world.post("/session/ses_2/prompt_async", body)).status).toBe(204);
    Object.assign(session, { parentID: "ses_1" });
    expect(await tagOf(await world.post("/session/ses_2/prompt_async", body))).toBe("Conflict");
    world.program = () => Response.json({ name: "NotFoundError" }, { status: 404 });
    expect(await tagOf(await world.post("/session/ses_3/prompt_async", body))).toBe("NotFound");
    expect(world.asked.map(({ init }) => init?.method)).toEqual([undefined, undefined, undefined]);
  });

  test.each([
    ["nothing", undefined],
    ["no parts", {}],
    ["another's id", { ...body, messageID: "answer_1" }],
    ["a part without a type", { ...body, parts: [{}] }],
    ["too many parts", { ...body, parts: Array.from({ length: 201 }, () => body.parts[0]) }],
  ])("and cannot be read (%s) reaches neither the thread nor OpenCode", async (_, wrong) => {
    const world = new World();
    expect(await tagOf(await world.post("/session/ses_1/prompt_async", wrong))).toBe("ValidationError");
    expect([world.told, world.asked]).toEqual([[], []]);
  });

  test("is bounded", async () => {
    const world = new World();
    const large = { ...body, parts: [{ type: "text", text: "x".repeat(4 * 1024 * 1024) }] };
    expect(await tagOf(await world.post("/session/ses_1/prompt_async", large))).toBe("BodyTooLarge");
  });
});

describe("OpenCode's page", () => {
  test("stops the thread's turn, and what is none of the thread's where it runs", async () => {
    const world = new World();
    world.program = () => Response.json("OpenCode's");
    expect(await (await world.post("/session/ses_9/abort", {})).json()).toBe("OpenCode's");
    world.thread = () => ({ kind: "taken" });
    expect(await (await world.post("/session/ses_1/abort", {})).json()).toBe(true);
    expect(world.asked).toHaveLength(1);
  });

  test.each(["revert", "unrevert", "message", "init"])(
    "takes nothing back of the thread's story by %s",
    async (verb) => {
      const world = new World();
      expect((await world.post(`/session/ses_9/${verb}`, {})).status).toBe(200);
      world.thread = () => ({ kind: "taken" });
      expect(await tagOf(await world.post(`/session/ses_1/${verb}`, {}))).toBe("Conflict");
      expect(world.asked).toHaveLength(1);
    },
  );

  test("tells the thread of a session that it forks", async () => {
    const world = new World();
    world.program = () => Response.json({ id: "ses_2", title: "Fork" });
    const answer = await world.post("/session/ses_1/fork", { messageID: "msg_2" });
    expect(await answer.json()).toEqual({ id: "ses_2", title: "Fork" });
    expect(world.told).toEqual([{ kind: "forked", sessionId: "ses_1", forkId: "ses_2", promptId: "msg_2" }]);
    expect(await new Response(world.asked[0]?.init?.body).json()).toEqual({ messageID: "msg_2" });
  });
});

test("a user whose views ask too much is told to wait, and OpenCode is not asked", async () => {
  const world = new World();
  const { label, headers } = await world.open();
  world.isLimited = true;
  const answer = await world.ask(label, "/session", { headers });
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "10"]);
  expect(world.asked).toEqual([]);
});

describe("a view that is renewed", () => {
  const renew = async (world: World) => {
    const { ticket, label } = await world.issue();
    return world.ask(label, `${viewOrigin.renewPath}?ticket=${ticket}`);
  };

  test("stays as it is and outlives its hour", async () => {
    const world = new World();
    const { label } = await world.open();
    await world.pass(viewOrigin.renewSeconds * 1000);
    const answer = await renew(world);
    expect([answer.status, answer.headers.get("location")]).toEqual([204, null]);
    const cookie = answer.headers.get("set-cookie")?.split(";")[0] ?? "";
    await world.pass((viewOrigin.sessionSeconds - viewOrigin.renewSeconds) * 1000);
    expect((await world.ask(label, "/", { headers: { cookie, "sec-fetch-site": "same-origin" } })).status).toBe(200);
  });

  test("needs a ticket, and uses it up", async () => {
    const world = new World();
    const { ticket, label } = await world.issue();
    expect(await tagOf(await world.ask(label, viewOrigin.renewPath))).toBe("TokenMissing");
    expect((await world.ask(label, `${viewOrigin.renewPath}?ticket=${ticket}`)).status).toBe(204);
    expect(await tagOf(await world.redeem({ ticket, label }))).toBe("TokenInvalid");
  });
});

test("O4: a refusal is audited; an address that is not there is not", async () => {
  const world = new World();
  const { label, headers } = await world.open();
  await world.ask(label, "/");
  await world.ask(label, "/auth/openai", {
    method: "PUT",
    headers: { ...headers, origin: `http://${label}.sbx.threadbox.localhost:8787` },
  });
  await world.ask("a", "/");
  expect(world.audited).toEqual(["TokenMissing", "CapabilityDenied"]);
});

test("what a sandbox's failure says is text on the page, whatever it holds", async () => {
  const sentence = "<script>alert(1)</script>";
  const page = endedPage({ sentence, status: 503, appOrigin, framedBy: appOrigin, tells: true, isFramed: false });
  expect(await page.text()).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
});

test("a refusal in words offers the way to the app in a window of its own, and none in a frame, which leads nowhere", async () => {
  const { label } = await new World().issue();
  const navigate = (dest: string) =>
    new World().ask(label, "/", { headers: { "sec-fetch-mode": "navigate", "sec-fetch-dest": dest } });
  expect(await (await navigate("document")).text()).toContain(`<a href="${appOrigin}/">`);
  expect(await (await navigate("iframe")).text()).not.toContain("<a ");
});

test("a fault of our own is an answer too, and says nothing of itself", async () => {
  const world = new World();
  const { label, headers } = await world.open();
  world.program = () => {
    throw new Error("canary");
  };
  const answer = await world.ask(label, "/", { headers });
  expect(answer.status).toBe(500);
  expect(await answer.text()).not.toContain("canary");
});

describe("a view ends within three seconds", () => {
  const longest = viewOrigin.revokedSecondsMax * 1000;
  const expectEnded = async (change: (world: World) => unknown, tag: string) => {
    const world = new World();
    const { label, headers } = await world.open();
    expect(await (await world.ask(label, "/", { headers })).text()).toBe("hello");
    await change(world);
    await world.pass(longest);
    expect(await tagOf(await world.ask(label, "/", { headers }))).toBe(tag);
  };

  test("of a sign-out", () => expectEnded((world) => world.end(), "TokenInvalid"));
  test("of its thread being lost", () =>
    expectEnded((world) => {
      world.isGranted = false;
    }, "TokenInvalid"));
  test("and one that is opened after the thread was given back is there at once", async () => {
    const world = new World();
    const { label, headers } = await world.open();
    world.isGranted = false;
    expect(await tagOf(await world.ask(label, "/", { headers }))).toBe("TokenInvalid");
    world.isGranted = true;
    const again = await world.open();
    expect((await world.ask(again.label, "/", { headers: again.headers })).status).toBe(200);
  });
  test("of its sandbox being replaced", () =>
    expectEnded((world) => {
      world.generation = Generation.make(2);
    }, "SandboxInterrupted"));
  test("of its hour", () => expectEnded((world) => world.pass(viewOrigin.sessionSeconds * 1000), "TokenInvalid"));

  test("also while a stream is open", async () => {
    const world = new World();
    const { label, headers } = await world.open();
    let signal: AbortSignal | null | undefined;
    world.program = () => {
      signal = world.asked.at(-1)?.init?.signal;
      return new Response(new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(1)) }));
    };
    await world.ask(label, "/event", { headers });
    await world.pass(longest);
    expect(signal?.aborted).toBe(false);
    await world.end();
    await world.pass(longest);
    await expect.poll(() => signal?.aborted).toBe(true);
  });
});

test("only hosts below the view domain are views", () => {
  const labelOf = (url: string) => viewLabelOf(new URL(url), base);
  expect(labelOf("http://abc.sbx.threadbox.localhost:8787/x")).toBe("abc");
  expect(labelOf("http://sbx.threadbox.localhost:8787/x")).toBe("");
  for (const host of [
    "localhost:8787",
    "threadbox.localhost:8787",
    "abc.sbx.threadbox.localhost",
    "evilsbx.threadbox.localhost:8787",
  ]) {
    expect(labelOf(`http://${host}/`)).toBeNull();
  }
});

describe("a view of a port", () => {
  test("asks the server on that port, whatever its paths, and says nothing of the view's cookie", async () => {
    const world = new World();
    const { label, headers } = await world.open("port:5173");
    const answer = await world.ask(label, "/@fs/a%20b//c?x=%2F&directory=/etc", { headers });
    expect([answer.status, await answer.text()]).toEqual([200, "hello"]);
    expect(world.asked.map(({ path }) => path)).toEqual(["5173 /@fs/a%20b//c?x=%2F&directory=/etc"]);
    expect(new Headers(world.asked[0]?.init?.headers).has("cookie")).toBe(false);
    expect(answer.headers.get("content-security-policy")).toContain(`frame-ancestors ${appOrigin}`);
  });

  test("is of that port alone: another target has another origin", async () => {
    const world = new World();
    const labels = [await world.issue("port:5173"), await world.issue("port:5174"), await world.issue()];
    expect(new Set(labels.map(({ label }) => label)).size).toBe(3);
    const { headers } = await world.open("port:5173");
    expect(await tagOf(await world.ask(labels[1]?.label ?? "", "/", { headers }))).toBe("TokenInvalid");
  });

  test("is walled like every view: no neighbour asks, and no service worker outlives it", async () => {
    const world = new World();
    const { label, headers } = await world.open("port:5173");
    const post = { method: "POST", headers: { ...headers, origin: "http://other.sbx.threadbox.localhost:8787" } };
    expect(await tagOf(await world.ask(label, "/", post))).toBe("CsrfRejected");
    const worker = { headers: { ...headers, "service-worker": "script" } };
    expect(await tagOf(await world.ask(label, "/sw.js", worker))).toBe("CapabilityDenied");
    expect(world.asked).toEqual([]);
  });

  test("says in words that nothing listens, which does not end it", async () => {
    const world = new World();
    world.isListening = false;
    const { label, headers } = await world.open("port:5173");
    const answer = await world.ask(label, "/", { headers: { ...headers, "sec-fetch-mode": "navigate" } });
    const page = await answer.text();
    expect([answer.status, page.includes("Nothing answers on this port.")]).toEqual([502, true]);
    expect(page).not.toContain(viewEndedMessage);
  });

  test("sends no redirect out of it", async () => {
    const world = new World();
    const { label, headers } = await world.open("port:5173");
    const redirectTo = (location: string) => {
      world.program = () => new Response(null, { status: 302, headers: { location } });
      return world.ask(label, "/", { headers });
    };
    expect((await redirectTo("http://127.0.0.1:5173/in")).headers.get("location")).toBe("/in");
    expect(await tagOf(await redirectTo("https://evil.test/"))).toBe("PathRejected");
  });
});
