import { main } from "../support/addresses.ts";
import { expect, test, type Workspace } from "../support/fixtures.ts";
import { openCodeFrame, openedView, openOpenCode } from "../support/opencode-view.ts";
import { rawRequest, upgradeHeaders } from "../support/raw-request.ts";

/** A view that is open in the workspace's panel: its ticket as it was given, its origin and its cookie. */
const openView = async (workspace: Workspace) => {
  const { page } = workspace;
  await workspace.begin("$ echo ready-$((40 + 2))");
  await workspace.waitUntilAnswered();
  const opened = openedView(page);
  await openOpenCode(workspace);
  const { url } = (await (await opened).json()) as { url: string };
  const { origin, host } = new URL(url);
  const cookies = (await page.context().cookies()).filter(({ domain }) => host.startsWith(domain));
  const cookie = cookies.filter(({ httpOnly }) => httpOnly).map(({ name, value }) => `${name}=${value}`)[0] ?? "";
  const content = page.frames().find((candidate) => candidate.url().startsWith(origin));
  if (content === undefined) throw new Error("The view's frame is not there.");
  const authorization = (await (await opened).request().headerValue("authorization")) ?? "";
  const threadId = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  return { url, origin, host, cookie, content, authorization, threadId };
};

test("A29, A32: a view's page has no way to the app around it, to its session or to the worker's API", async ({
  workspace,
}) => {
  const { page } = workspace;
  const { content } = await openView(workspace);
  const before = page.url();
  const tried = await content.evaluate(
    async ([appOrigin, workerUrl]) => {
      const attempt = async (work: () => unknown) => {
        try {
          return await work();
        } catch (error) {
          return (error as Error).name;
        }
      };
      return {
        parent: await attempt(() => parent.document.title),
        storage: await attempt(() => parent.localStorage.length),
        top: await attempt(() => {
          (top as Window).location.href = "https://evil.test/";
          return "went";
        }),
        popup: await attempt(() => window.open(`${appOrigin}/`)),
        app: await attempt(async () => (await fetch(`${appOrigin}/api/thread-token`, { method: "POST" })).status),
        worker: await attempt(async () => (await fetch(`${workerUrl}/api/me`, { credentials: "include" })).status),
        foreign: await attempt(async () => (await fetch("https://evil.test/")).status),
        serviceWorker: await attempt(() => navigator.serviceWorker.register("/session")),
        cookie: document.cookie.includes("threadbox-view"),
      };
    },
    [main.appOrigin, main.workerUrl] as const,
  );
  expect(tried).toEqual({
    parent: "SecurityError",
    storage: "SecurityError",
    top: "SecurityError",
    popup: null,
    app: "TypeError",
    worker: "TypeError",
    foreign: "TypeError",
    serviceWorker: "TypeError",
    cookie: false,
  });
  expect(page.url()).toBe(before);
});

test("A33, D21: a view's origin answers its own page alone, and its ticket is good once", async ({ workspace }) => {
  const { url, origin, cookie } = await openView(workspace);
  const ask = (path: string, headers: Record<string, string>, method = "GET") =>
    rawRequest(`${origin}${path}`, { method, headers });
  expect((await ask("/session", { cookie, "sec-fetch-site": "same-origin" })).status).toBe(200);
  expect((await ask("/session", {})).status).toBe(401);
  const neighbour = { cookie, origin: origin.replace("//", "//a"), "sec-fetch-site": "same-site" };
  expect((await ask("/session", neighbour)).status).toBe(403);
  expect((await ask("/session", neighbour, "POST")).status).toBe(403);
  expect((await ask("/session", { cookie, origin: main.appOrigin }, "POST")).status).toBe(403);
  expect((await ask("/auth/openai", { cookie, origin }, "PUT")).status).toBe(403);
  expect((await ask("/file/content?path=auth.json", { cookie })).status).toBe(403);
  expect((await rawRequest(url)).status).toBe(401);
  const { headers } = await ask("/session", { cookie });
  expect(String(headers["content-security-policy"])).toContain(`frame-ancestors ${main.appOrigin}`);
  expect(headers["set-cookie"]).toBeUndefined();
});

test("A38, A39: OpenCode's page reads the workspace and no file beside it, whatever it asks for", async ({
  workspace,
}) => {
  const { origin, cookie } = await openView(workspace);
  const read = (query: string) =>
    rawRequest(`${origin}/file/content?${query}`, {
      headers: { cookie, "x-opencode-directory": "/", authorization: "Basic x" },
    });
  const outside = [
    "path=/proc/self/environ",
    "path=/etc/passwd",
    "path=../etc/passwd",
    "path=../../../../proc/self/environ",
    "path=etc/passwd&directory=/",
    "path=passwd&directory=/etc",
    "path=opencode.json&directory=/home/agent/.config/opencode",
  ];
  for (const query of outside) {
    const { text } = await read(query);
    expect(text, query).not.toMatch(/root:|OPENCODE_SERVER_PASSWORD|PATH=/);
  }
  for (const path of ["../../auth.json", "/home/agent/.local/share/opencode/auth.json", "AUTH.JSON"]) {
    expect((await read(`path=${path}`)).status, path).toBe(403);
  }
});

test("S4.11: a program with the thread's token asks OpenCode under the thread's path, behind the same walls", async ({
  workspace,
}) => {
  const { authorization, threadId } = await openView(workspace);
  const path = `${main.workerUrl}/sandbox/${threadId}/opencode`;
  const ask = (rest: string, more: Record<string, string> = {}, method = "GET") =>
    rawRequest(`${path}${rest}`, { method, headers: { authorization, ...more } });
  const sessions = await ask("/session");
  expect([sessions.status, JSON.parse(sessions.text)]).toEqual([
    200,
    [expect.objectContaining({ directory: "/workspace" })],
  ]);
  expect((await rawRequest(`${path}/session`)).status).toBe(401);
  expect((await ask("/auth/openai", {}, "PUT")).status).toBe(403);
  expect((await ask("/file/content?path=auth.json")).status).toBe(403);
  expect((await ask("/pty/pty_none/connect", { ...upgradeHeaders, origin: main.appOrigin })).status).toBe(403);
  const browser = await ask("/session", { "sec-fetch-mode": "navigate" });
  expect([browser.status, browser.headers.location]).toEqual([302, `${main.appOrigin}/t/${threadId}?panel=opencode`]);
});

test("S2.25: OpenCode's page that is turned off in a thread ends, and comes back when it is turned on", async ({
  workspace,
}) => {
  const { page } = workspace;
  const { origin, cookie } = await openView(workspace);
  const panel = page.getByRole("complementary", { name: "Computer" });
  await panel.getByRole("button", { name: "Turn off OpenCode’s page in this thread" }).click();
  await expect(panel.getByText("OpenCode’s page is off in this thread.")).toBeVisible();
  await expect(panel.locator("iframe")).toHaveCount(0);
  const ask = async () => (await rawRequest(`${origin}/session`, { headers: { cookie } })).status;
  await expect.poll(ask, { timeout: 60_000 }).toBe(401);
  await panel.getByRole("button", { name: "Turn on" }).click();
  await openCodeFrame(page);
});

test("A25: a terminal's socket is opened by the view's own page, and by no other", async ({ workspace }) => {
  const { origin, cookie } = await openView(workspace);
  const path = `${origin}/pty/pty_none/connect`;
  for (const other of [undefined, "null", main.appOrigin, "https://evil.test", origin.replace("//", "//a")]) {
    const headers = { ...upgradeHeaders, cookie, ...(other === undefined ? {} : { origin: other }) };
    expect((await rawRequest(path, { headers })).status, String(other)).toBe(403);
  }
  expect((await rawRequest(path, { headers: { ...upgradeHeaders, origin } })).status).toBe(401);
});

test("signing out ends every view, and says so to whoever looks at it", async ({ workspace }) => {
  const { page } = workspace;
  const { origin, cookie } = await openView(workspace);
  await page.getByRole("button", { name: `Account: ${workspace.userName}` }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
  await expect.poll(async () => (await rawRequest(`${origin}/session`, { headers: { cookie } })).status).toBe(401);
  const window = await page.context().newPage();
  await window.goto(`${origin}/`);
  await expect(window.getByText(/This view has ended/)).toBeVisible();
});

test("a thread of another user has no view", async ({ workspace, otherWorkspace }) => {
  await workspace.begin("$ echo mine-$((40 + 2))");
  await workspace.waitUntilAnswered();
  const threadId = new URL(workspace.page.url()).pathname.split("/").at(-1);
  await otherWorkspace.signInAsNewUser();
  await otherWorkspace.page.goto(`${main.workerUrl}/sandbox/opencode?thread=${threadId}`);
  await expect(otherWorkspace.page.getByRole("heading", { name: "Thread not found" })).toBeVisible();
  await expect(otherWorkspace.page.locator("iframe")).toHaveCount(0);
});
