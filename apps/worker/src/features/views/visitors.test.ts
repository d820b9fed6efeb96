import { Generation } from "@threadbox/contracts/ids";
import { type OpenedPreview, previewLinkLimits, previewPage } from "@threadbox/contracts/preview-links";
import { viewOrigin } from "@threadbox/contracts/views";
import { describe, expect, test } from "vitest";
import { base, tagOf, World } from "./views.testing.ts";

const hourMs = 3_600_000;

/** A link of that world's, its seal as a visitor's page reads it. */
const shared = async (world: World, ...wish: Parameters<World["makeLink"]>) => {
  const { link, url } = await world.makeLink(...wish);
  return { id: link.id, url, seal: new URL(url).hash.slice(1) };
};

const opened = async (world: World, seal: string): Promise<OpenedPreview> =>
  (await world.visit(previewPage.openPath, { link: seal })).json();

/** A visitor's view that is open: its label, and the headers with which its page asks. */
const visited = async (world: World, seal: string) => {
  const url = new URL((await opened(world, seal)).url);
  const label = url.host.split(".")[0] ?? "";
  const answer = await world.ask(label, `${url.pathname}${url.search}`);
  const cookie = answer.headers.get("set-cookie")?.split(";")[0] ?? "";
  return { label, headers: { cookie, "sec-fetch-site": "same-origin" } };
};

describe("a preview link", () => {
  test("opens its port for whoever has it, framed by the visitor's page alone", async () => {
    const world = new World();
    const { seal, url } = await shared(world);
    expect(url.startsWith(`${base}${previewPage.path}#`)).toBe(true);
    const { label, headers } = await visited(world, seal);
    const answer = await world.ask(label, "/a?b=1", { headers });
    expect(await answer.text()).toBe("hello");
    expect(answer.headers.get("content-security-policy")).toContain(`frame-ancestors ${base}`);
    expect(world.asked.map(({ path }) => path)).toEqual(["5173 /a?b=1"]);
  });

  test("tells nobody without our key whose it is", async () => {
    const world = new World();
    const { seal } = await shared(world);
    const texts = seal.split(".").map((part) => atob(part.replaceAll("-", "+").replaceAll("_", "/")));
    expect(texts.join()).not.toMatch(new RegExp(`${world.threadId}|${world.userId}`));
  });

  test("has an origin of its own, which is neither its owner's nor another link's", async () => {
    const world = new World();
    const [one, two] = [await shared(world), await shared(world)];
    const labels = [
      (await visited(world, one.seal)).label,
      (await visited(world, two.seal)).label,
      (await world.open("port:5173")).label,
    ];
    expect(new Set(labels).size).toBe(3);
  });

  test("outlives its owner's sign-out", async () => {
    const world = new World();
    const { seal } = await shared(world);
    const { label, headers } = await visited(world, seal);
    await world.end();
    expect((await world.ask(label, "/", { headers })).status).toBe(200);
    expect((await world.visit(previewPage.openPath, { link: seal })).status).toBe(200);
  });

  test("is over at its end", async () => {
    const world = new World();
    const { seal } = await shared(world, 5173, "hour");
    const { label, headers } = await visited(world, seal);
    await world.pass(hourMs);
    expect(await tagOf(await world.visit(previewPage.openPath, { link: seal }))).toBe("SignedUrlInvalid");
    expect(await tagOf(await world.ask(label, "/", { headers }))).toBe("TokenInvalid");
    expect(await world.listLinks()).toEqual([]);
  });

  test("that is revoked ends at once, and so does what was opened by it", async () => {
    const world = new World();
    const [{ id, seal }, other] = [await shared(world), await shared(world)];
    const { label, headers } = await visited(world, seal);
    expect(await world.revokeLink(id)).toBe(5173);
    expect(await tagOf(await world.ask(label, "/", { headers }))).toBe("TokenInvalid");
    expect(await tagOf(await world.visit(previewPage.lookPath, { link: seal }))).toBe("SignedUrlInvalid");
    expect((await world.visit(previewPage.lookPath, { link: other.seal })).status).toBe(200);
    expect(await world.revokeLink(id)).toBeNull();
  });

  test("that is revoked between ticket and cookie opens nothing", async () => {
    const world = new World();
    const { id, seal } = await shared(world);
    const url = new URL((await opened(world, seal)).url);
    await world.revokeLink(id);
    const answer = await world.ask(url.host.split(".")[0] ?? "", `${url.pathname}${url.search}`);
    expect(await tagOf(answer)).toBe("TokenInvalid");
  });

  test("is revoked by its own thread alone", async () => {
    const [world, other] = [new World(), new World()];
    const { id, seal } = await shared(world);
    expect(await world.revokeLink(id, { threadId: other.threadId, userId: world.userId })).toBeNull();
    expect(await world.revokeLink(id, other)).toBeNull();
    expect((await world.visit(previewPage.lookPath, { link: seal })).status).toBe(200);
  });

  test("opens nothing once its thread is gone", async () => {
    const world = new World();
    const { seal } = await shared(world);
    world.isGranted = false;
    expect(await tagOf(await world.visit(previewPage.openPath, { link: seal }))).toBe("SignedUrlInvalid");
  });

  test("wakes no sandbox, and comes back with the next one", async () => {
    const world = new World();
    const { seal } = await shared(world);
    const { label, headers } = await visited(world, seal);
    world.status = "asleep";
    expect(await tagOf(await world.visit(previewPage.lookPath, { link: seal }))).toBe("SandboxUnavailable");
    world.status = "ready";
    world.generation = Generation.make(2);
    expect(await tagOf(await world.ask(label, "/", { headers }))).toBe("SandboxInterrupted");
    expect((await opened(world, seal)).generation).toBe(2);
  });

  test("is one of so many of a thread's", async () => {
    const world = new World();
    for (let made = 0; made < previewLinkLimits.perThreadMax; made += 1) await world.makeLink();
    await expect(world.makeLink()).rejects.toThrow("Revoke one first.");
    await world.pass(hourMs);
    await world.makeLink();
    expect(await world.listLinks()).toHaveLength(1);
  });

  test("counts its visitors apart from its owner, and turns away too many", async () => {
    const world = new World();
    const { seal } = await shared(world);
    world.isLimited = true;
    expect(await tagOf(await world.visit(previewPage.openPath, { link: seal }))).toBe("RateLimited");
    expect((await world.visit(previewPage.openPath, { link: seal })).headers.get("retry-after")).toBe("10");
  });
});

describe("the visitor's page", () => {
  test("runs nothing but its own script and is framed by nobody", async () => {
    const answer = await new World().visitPage();
    const policy = answer.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("frame-src http://*.sbx.threadbox.localhost:8787");
    const nonce = /script-src 'nonce-([^']+)'/.exec(policy)?.[1];
    expect(await answer.text()).toContain(`<script nonce="${nonce}">`);
  });

  test("is asked by itself alone: no page of a sandbox's opens a link for somebody", async () => {
    const world = new World();
    const { seal } = await shared(world);
    for (const headers of [
      {},
      { origin: "null" },
      { origin: base.replace("//", "//a.") },
      { origin: "https://evil.test" },
    ])
      expect(await tagOf(await world.visit(previewPage.openPath, { link: seal }, headers))).toBe("CsrfRejected");
  });

  test.each([{}, { link: "" }, { link: "a.b.c" }, { link: "x".repeat(3_000) }, "x".repeat(5_000)])(
    "opens nothing with what is no link",
    async (body) => {
      const answer = await new World().visit(previewPage.openPath, body);
      expect([400, 403, 413]).toContain(answer.status);
    },
  );

  test("takes neither a ticket nor a cookie of a view for a link", async () => {
    const world = new World();
    const { ticket } = await world.issue("port:5173");
    expect(await tagOf(await world.visit(previewPage.openPath, { link: ticket }))).toBe("SignedUrlInvalid");
    const { headers } = await world.open("port:5173");
    const session = headers.cookie.slice(viewOrigin.cookie.length + 1);
    expect(await tagOf(await world.visit(previewPage.openPath, { link: session }))).toBe("SignedUrlInvalid");
  });
});
