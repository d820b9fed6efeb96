import { main } from "../support/addresses.ts";
import { expect, test, type Workspace } from "../support/fixtures.ts";

const server = `require("node:http").createServer((request, response) => {
  response.setHeader("content-type", request.url === "/worker.js" ? "text/javascript" : "text/html");
  response.setHeader("service-worker-allowed", "/");
  response.end(request.url === "/worker.js" ? "" : "<h1>served " + (40 + 2) + "</h1>");
}).listen(5173, "127.0.0.1");`;
const start = `echo '${Buffer.from(server).toString("base64")}' | base64 -d > server.cjs; nohup node server.cjs > log.txt 2>&1 & echo is-$((40 + 2))`;

/** The frame of what the thread in front serves; in a thread whose panel is open already, `isFirst` is false. */
const openPreview = async ({ page }: Workspace) => {
  const show = page.getByRole("button", { name: "Show computer" });
  const open = page.getByRole("button", { name: "Open port 5173" });
  await expect(show.or(page.getByRole("tab", { name: "Preview" }))).toBeVisible();
  if (await show.isVisible()) await show.click();
  await page.getByRole("tab", { name: "Preview" }).click();
  await open.click();
  const element = page.locator("iframe[title^='port 5173']");
  await expect(element.contentFrame().getByRole("heading")).toHaveText("served 42");
  const frame = await (await element.elementHandle())?.contentFrame();
  if (frame == null) throw new Error("The preview's frame is not there.");
  return frame;
};

test("A29, A32: a hostile page of one thread's server reaches neither the app nor the page of another thread, and drowns nobody in cookies", async ({
  workspace,
}) => {
  const { page } = workspace;
  await workspace.begin(`$ ${start}`);
  await workspace.waitForOutput("is-42");
  await workspace.waitUntilAnswered();
  const neighbour = await openPreview(workspace);
  const neighbourOrigin = new URL(neighbour.url()).origin;
  await neighbour.evaluate(() => localStorage.setItem("kept", "mine"));

  await workspace.openNewThread();
  await workspace.send(`$ ${start}`);
  await workspace.waitForOutput("is-42");
  await workspace.waitUntilAnswered();
  const hostile = await openPreview(workspace);
  expect(new URL(hostile.url()).origin).not.toBe(neighbourOrigin);
  const windows: string[] = [];
  page.context().on("page", (opened) => windows.push(opened.url()));
  const before = page.url();
  const tried = await hostile.evaluate(
    async ([appOrigin, workerUrl, other]) => {
      const attempt = async (work: () => unknown) => {
        try {
          return await work();
        } catch (error) {
          return (error as Error).name;
        }
      };
      const framed = async (src: string) => {
        const frame = document.createElement("iframe");
        frame.src = src;
        const loaded = new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
        document.body.append(frame);
        await loaded;
        return frame.contentWindow?.localStorage.getItem("kept") ?? "nothing";
      };
      for (const target of ["*", appOrigin]) {
        for (const word of ["threadbox.evil", { type: "threadbox.evil", token: "x" }, null, 7])
          parent.postMessage(word, target);
      }
      return {
        parent: await attempt(() => parent.document.title),
        top: await attempt(() => {
          (top as Window).location.href = "https://evil.test/";
          return "went";
        }),
        popup: await attempt(() => window.open(`${appOrigin}/`)),
        domain: await attempt(() => {
          document.domain = "threadbox.localhost";
          return parent.document.title;
        }),
        app: await attempt(async () => (await fetch(`${appOrigin}/api/thread-token`, { method: "POST" })).status),
        worker: await attempt(async () => (await fetch(`${workerUrl}/api/me`, { credentials: "include" })).status),
        neighbour: await attempt(async () => (await fetch(other, { credentials: "include" })).status),
        framedNeighbour: await attempt(() => framed(other)),
        framedApp: await attempt(() => framed(appOrigin)),
        serviceWorker: await attempt(() => navigator.serviceWorker.register("/worker.js")),
        clipboard: await attempt(() => navigator.clipboard.readText()),
      };
    },
    [main.appOrigin, main.workerUrl, neighbourOrigin] as const,
  );
  expect(tried).toEqual({
    parent: "SecurityError",
    top: "SecurityError",
    popup: null,
    domain: "SecurityError",
    app: "TypeError",
    worker: "TypeError",
    neighbour: "TypeError",
    framedNeighbour: "SecurityError",
    framedApp: "SecurityError",
    serviceWorker: "TypeError",
    clipboard: "NotAllowedError",
  });
  expect([page.url(), windows]).toEqual([before, []]);

  const set = await hostile.evaluate(() => {
    for (const domain of ["threadbox.localhost", "sbx.threadbox.localhost"]) {
      // biome-ignore lint/suspicious/noDocumentCookie: this is the attack
      document.cookie = `__Host-threadbox-view=evil; path=/; domain=${domain}; secure`;
      for (let each = 0; each < 60; each += 1) {
        // biome-ignore lint/suspicious/noDocumentCookie: this is the attack
        document.cookie = `bomb${each}=${"x".repeat(4_000)}; path=/; domain=${domain}`;
      }
    }
    return document.cookie.length;
  });
  expect(set).toBeGreaterThan(200_000);
  await page.reload();
  await expect(workspace.threads).toBeVisible();
  expect((await page.context().cookies()).filter(({ name }) => name.startsWith("bomb"))).toEqual([]);
  await openPreview(workspace);
});
