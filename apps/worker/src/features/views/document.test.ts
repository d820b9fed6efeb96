import { describe, expect, test } from "vitest";
import { testBindings } from "../../testing/tokens.testing.ts";
import { tagOf, World } from "./views.testing.ts";

const appOrigin = testBindings.APP_ORIGIN;

describe("A68: a file that is shown as a document", () => {
  const path = "notes/a.pdf";
  const markup = "<html><script>parent.pwned = 1</script>";

  test("is a PDF whatever it holds, without an origin, a script or a request of its own", async () => {
    const world = new World();
    world.documents.set(path, markup);
    const { label, headers } = await world.open("document");
    const answer = await world.ask(label, `/?path=${encodeURIComponent(path)}`, { headers });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe(markup);
    expect(answer.headers.get("content-type")).toBe("application/pdf");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.get("content-security-policy")).toBe(
      `default-src 'none'; sandbox; frame-ancestors ${appOrigin}`,
    );
    expect(world.asked).toEqual([]);
  });

  test("has an origin that nothing else of the sandbox is on", async () => {
    const world = new World();
    const labels = await Promise.all(
      (["document", "opencode", "port:5173"] as const).map((target) => world.open(target)),
    );
    expect(new Set(labels.map(({ label }) => label)).size).toBe(3);
  });

  test.each(["/etc/passwd", "../a", "a/../../b", "", "a\0b"])("is one of the workspace: not %j", async (outside) => {
    const world = new World();
    const { label, headers } = await world.open("document");
    const answer = await world.ask(label, `/?${new URLSearchParams({ path: outside })}`, { headers });
    expect(await tagOf(answer)).toBe("PathRejected");
  });

  test("is not there where there is none, and nothing else is on its origin", async () => {
    const world = new World();
    const { label, headers } = await world.open("document");
    for (const address of ["/?path=b.pdf", "/notes/a.pdf", "/session"]) {
      expect(await tagOf(await world.ask(label, address, { headers }))).toBe("NotFound");
    }
    expect(await tagOf(await world.ask(label, "/?path=b.pdf"))).toBe("TokenMissing");
  });
});
