import { webApi } from "@threadbox/contracts/web-api";
import { type Installation, main, modelPort, withModel } from "../support/addresses.ts";
import { expect, test, Workspace } from "../support/fixtures.ts";
import { watchForeignHosts } from "../support/foreign-hosts.ts";
import { hostileMarkdown, hostileTitle } from "../support/hostile-text.ts";
import { rawRequest } from "../support/raw-request.ts";

const directivesOf = (policy: string): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    policy.split(";").map((part) => {
      const [name = "", ...sources] = part.trim().split(/\s+/);
      return [name, sources];
    }),
  );

test("A33, A35: every page, redirect and error is private, unframeable, and runs nothing but files and this load's nonce", async () => {
  const paths = [
    "/",
    "/sign-in",
    "/sign-in?from=/t/x",
    "/callback?code=x",
    "/t/some-thread",
    "/settings",
    "/archived",
    "/nowhere",
  ];
  const nonces: string[] = [];
  for (const path of paths) {
    const { status, headers, text } = await rawRequest(`${main.appOrigin}${path}`);
    expect(status, path).toBeLessThan(500);
    expect({ path, ...headers }).toMatchObject({
      "cache-control": expect.stringContaining("no-store"),
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "cross-origin-opener-policy": "same-origin",
    });
    expect(Object.keys(headers)).not.toContain("access-control-allow-origin");
    expect(Object.keys(headers)).not.toContain("x-powered-by");
    const policy = directivesOf(String(headers["content-security-policy"]));
    expect({ path, ...policy }).toMatchObject({
      "default-src": ["'none'"],
      "base-uri": ["'none'"],
      "object-src": ["'none'"],
      "frame-ancestors": ["'none'"],
    });
    // The views of sandboxes alone, of which each has a host of its own.
    const { "frame-src": frames, ...others } = policy;
    expect(frames).toEqual([main.workerUrl.replace("//localhost", "//*.sbx.threadbox.localhost")]);
    const scripts = policy["script-src"] ?? [];
    expect(scripts.filter((source) => source !== "'self'")).toEqual([expect.stringMatching(/^'nonce-.{22,}'$/)]);
    expect(JSON.stringify(others)).not.toMatch(/unsafe|\*|https?:"/);
    nonces.push(...scripts);
    const nonce = /'nonce-(.+)'/.exec(scripts.join(" "))?.[1] ?? "";
    for (const [tag] of text.matchAll(/<script\b[^>]*>/g)) {
      expect(tag.includes(`nonce="${nonce}"`) || tag.includes('type="application/json"'), `${path}: ${tag}`).toBe(true);
    }
    expect(text).not.toMatch(/<[a-z][^>]*\son[a-z]+=/i);
  }
  expect(new Set(nonces.filter((source) => source !== "'self'")).size).toBe(paths.length);
});

test("files, the identity page and the worker's answers cannot be sniffed, framed or run", async ({ page }) => {
  await page.goto(main.appOrigin);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL((url) => url.origin === main.authUrl);
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  const identityPage = await page.request.get(page.url());
  expect(identityPage.headers()).toMatchObject({ "cache-control": "no-store", "x-content-type-options": "nosniff" });
  const policy = directivesOf(identityPage.headers()["content-security-policy"] ?? "");
  expect(policy).toMatchObject({ "default-src": ["'none'"], "base-uri": ["'none'"], "frame-ancestors": ["'none'"] });
  expect(policy).not.toHaveProperty("script-src");

  const { text } = await rawRequest(main.appOrigin);
  const [, asset = ""] = /(\/assets\/[^"]+)/.exec(text) ?? [];
  for (const address of [
    `${main.appOrigin}${asset}`,
    `${main.appOrigin}/favicon.svg`,
    `${main.workerUrl}/health`,
    `${main.workerUrl}/nowhere`,
  ]) {
    const { headers } = await rawRequest(address);
    expect({ address, ...headers }).toMatchObject({
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
    });
  }
});

test("another name of this machine leads to the app's own, with path and query, and nowhere else", async ({ page }) => {
  const { port } = new URL(main.appOrigin);
  await page.goto(`http://localhost:${port}/sign-in?from=%2Fsettings`);
  await expect(page).toHaveURL(`${main.appOrigin}/sign-in?from=%2Fsettings`);
  for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, "evil.test", `evil.test:${port}`]) {
    for (const path of ["/t/abc?x=1", "//evil.test/x", "/\\evil.test", "/@evil.test"]) {
      const { status, headers } = await rawRequest(main.appOrigin, { path, headers: { host } });
      // A path that is none is refused; the others are kept.
      if (status === 400) continue;
      expect({ host, path, status }).toEqual({ host, path, status: 308 });
      expect(new URL(String(headers.location)).origin).toBe(main.appOrigin);
    }
    const { status } = await rawRequest(main.appOrigin, { method: "POST", headers: { host } });
    expect(status).toBe(403);
  }
});

const threadTokenRoute = `${main.appOrigin}${webApi.issueThreadToken.path}`;

test("a thread token is issued by POST from the app's own page only", async () => {
  const own = { origin: main.appOrigin, "sec-fetch-site": "same-origin" };
  const json = { "content-type": "application/json" };
  const payload = encodeURIComponent('{"threadId":"x"}');
  const refused: readonly (readonly [name: string, method: string, headers: Record<string, string>, status: number])[] =
    [
      ["read", "GET", own, 405],
      ["read of the head", "HEAD", own, 405],
      ["put", "PUT", own, 405],
      ["preflight", "OPTIONS", { origin: "https://evil.test", "access-control-request-method": "POST" }, 405],
      ["another site", "POST", { ...json, origin: "https://evil.test" }, 403],
      ["another site with our name in front", "POST", { ...json, origin: `${main.appOrigin}.evil.test` }, 403],
      ["no site at all", "POST", json, 403],
      ["an opaque site", "POST", { ...json, origin: "null" }, 403],
      ["a cross-site form", "POST", { "content-type": "text/plain", "sec-fetch-site": "cross-site" }, 403],
      ["a sibling's form", "POST", { "content-type": "text/plain", "sec-fetch-site": "same-site" }, 403],
      ["our origin, but cross-site", "POST", { ...json, origin: main.appOrigin, "sec-fetch-site": "cross-site" }, 403],
    ];
  for (const [name, method, headers, status] of refused) {
    const body = method === "POST" ? '{"threadId":"x"}' : undefined;
    const answer = await rawRequest(threadTokenRoute, {
      method,
      headers: { ...headers, "x-http-method-override": "POST" },
      ...(body === undefined ? { path: `${webApi.issueThreadToken.path}?payload=${payload}` } : { body }),
    });
    expect({ name, status: answer.status, text: answer.text }).toMatchObject({ name, status });
    expect(Object.keys(answer.headers)).not.toContain("access-control-allow-origin");
  }
});

test("A33: a page in a frame of another site shows nothing", async ({ page }) => {
  await page.goto(main.workerUrl);
  await page.setContent(`<iframe src="${main.appOrigin}/sign-in"></iframe>`);
  await expect.poll(() => page.frames().map((frame) => frame.url())).toContain("chrome-error://chromewebdata/");
});

const ownHosts = ({ env }: Installation): readonly string[] =>
  ["PORT", "WORKER_PORT", "CONVEX_PORT", "AUTH_PORT"].flatMap((key) => [
    `localhost:${env[key]}`,
    `threadbox.localhost:${env[key]}`,
  ]);

/** What could act by itself or lead away unasked, as found in the page. */
const dangers = () => {
  const found: string[] = [];
  for (const element of document.querySelectorAll("*")) {
    for (const { name, value } of element.attributes) {
      if (/^on/i.test(name)) found.push(`${element.tagName} ${name}`);
      if (/^(href|src|action|formaction|xlink:href|srcdoc|data|poster|background)$/i.test(name)) {
        if (/^\s*(javascript|vbscript|data:text)/i.test(value)) found.push(`${element.tagName} ${name}=${value}`);
        if (/evil\.test/i.test(value) && element.tagName !== "A") found.push(`${element.tagName} ${name}=${value}`);
      }
      if (name === "style" && /url\s*\(|expression\s*\(|@import/i.test(value)) found.push(`${element.tagName} style`);
    }
  }
  const said = document.querySelector("[role=log]");
  for (const element of said?.querySelectorAll(
    "script,style,iframe,object,embed,link,meta,base,form,img,video,audio,math",
  ) ?? []) {
    found.push(element.tagName);
  }
  for (const link of said?.querySelectorAll<HTMLAnchorElement>("a[href]") ?? []) {
    if (!/^(https?|mailto):$/.test(link.protocol)) found.push(`A ${link.href}`);
    if (!/noopener/.test(link.rel) || !/noreferrer/.test(link.rel) || link.target !== "_blank")
      found.push(`A rel ${link.href}`);
  }
  return found;
};

test("A30, A66, A67, A69: what a model writes acts on nothing and fetches nothing", async ({
  browser,
  modelled: { model },
}) => {
  const foreign = await watchForeignHosts();
  const context = await browser.newContext({ proxy: foreign.proxy });
  const page = await context.newPage();
  const workspace = new Workspace(page);
  const requested = new Set<string>();
  const shown: string[] = [];
  context.on("request", (request) => requested.add(new URL(request.url()).host));
  page.on("websocket", (socket) => requested.add(new URL(socket.url()).host));
  page.on("dialog", (dialog) => {
    shown.push(dialog.message());
    void dialog.dismiss();
  });
  await page.addInitScript(() => {
    Object.assign(window, { violations: [] });
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
      Reflect.get(window, "violations").push(`${violatedDirective} ${blockedURI}`);
    });
  });

  await page.goto(
    `${withModel.appOrigin}/sign-in?from=https://evil.test/x&url=https://evil.test&gatewayUrl=wss://evil.test&server=//evil.test&token=x#url=https://evil.test`,
  );
  await workspace.signInHere();
  expect(new URL(page.url()).origin).toBe(withModel.appOrigin);

  model.reply({ kind: "text", text: hostileMarkdown });
  await workspace.openNewThread();
  await workspace.send(hostileTitle);
  await expect(workspace.conversation).toContainText("The end of it.");
  await workspace.waitUntilAnswered();

  const look = async () => {
    // The last thing to arrive is the colours of the code.
    await expect(workspace.conversation.locator("pre span[style]").first()).toBeVisible();
    expect(await page.evaluate(dangers)).toEqual([]);
    expect(await page.evaluate(() => Reflect.get(window, "pwned"))).toBeUndefined();
    expect(await page.evaluate(() => Reflect.get(window, "violations"))).toEqual([]);
    expect(shown).toEqual([]);
    const picture = workspace.conversation.getByRole("link", { name: /evil\.test/ }).first();
    await expect(picture).toHaveAttribute("href", /^https?:\/\/evil\.test\//);
    // Raw HTML stands there as the text that it is, or not at all; its words never vanish from the answer around it.
    await expect(workspace.conversation).toContainText("A harmless word.");
  };
  await look();
  await page.reload();
  await expect(workspace.conversation).toContainText("The end of it.");
  await workspace.waitUntilAnswered();
  await look();

  expect([...requested].filter((host) => !ownHosts(withModel).includes(host))).toEqual([]);
  expect(foreign.hosts()).toEqual([]);
  // The watches themselves work: a handler is found, and a visit to another host is seen.
  await workspace.conversation.evaluate((log) => {
    log.insertAdjacentHTML("beforeend", '<p onclick="x()"><a href="javascript:x()">x</a></p>');
  });
  expect(await page.evaluate(dangers)).toEqual(expect.arrayContaining(["P onclick", "A href=javascript:x()"]));
  await page.goto("http://evil.test/control").catch(() => null);
  expect(foreign.hosts()).toContain("evil.test");
  expect(requested).not.toContain(`127.0.0.1:${modelPort}`);
  await context.close();
  await foreign.stop();
});

test("A70: what is said in the address of a callback is text, or nothing", async ({ page }) => {
  const said = '</script><script>window.pwned=1</script><img src=x onerror="window.pwned=1">';
  const query = new URLSearchParams({ error: said, error_description: said, state: said }).toString();
  const address = `${main.appOrigin}/callback?${query}#${encodeURIComponent(said)}`;
  const { status, text } = await rawRequest(address);
  expect(status).toBeLessThan(500);
  expect(text).not.toContain("<script>window.pwned");
  expect(text).not.toContain("<img src=x");
  await page.goto(address);
  await expect(page.getByRole("button", { name: "Sign in" }).or(page.getByRole("alert")).first()).toBeVisible();
  expect(await page.evaluate(() => Reflect.get(window, "pwned"))).toBeUndefined();
});
