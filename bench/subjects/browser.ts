import { decodeJwt } from "jose";
import { type Browser, type BrowserContext, chromium, type Page, type Response } from "playwright-core";

const executablePath = "/usr/bin/chromium";
const visibleTimeoutMs = 90_000;

export const openBrowser = () =>
  chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
    ],
  });

/** What a browser keeps of a signed-in user: cookies and local storage. */
type BrowserState = Awaited<ReturnType<Awaited<ReturnType<Browser["newContext"]>>["storageState"]>>;

const composer = (page: Page) => page.getByRole("textbox", { name: "Message" });
const messages = (page: Page) => page.getByRole("log", { name: "Conversation" }).getByRole("article");

/** A signed-in user's thread with one prompt and its answer. */
export interface OpenedThread {
  readonly url: string;
  readonly state: BrowserState;
}

const signInAsNewUser = async (page: Page, appOrigin: string): Promise<void> => {
  page.setDefaultTimeout(visibleTimeoutMs);
  await page.goto(appOrigin);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Bench");
  await page.getByRole("button", { name: "Create account" }).click();
};

export interface SignedInUser {
  readonly userId: string;
  readonly accessToken: string;
  /** Where the user stays signed in, in all tabs: a copy of what it keeps could renew the session only once. */
  readonly context: BrowserContext;
}

/** Signs in as a new user, and hands out the access token that the page was given. */
export const signIn = async (browser: Browser, appOrigin: string): Promise<SignedInUser> => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const answer = page.waitForResponse((response) => response.url().endsWith("/authenticate") && response.ok());
  await signInAsNewUser(page, appOrigin);
  const { access_token: accessToken } = (await (await answer).json()) as { readonly access_token: string };
  await page.getByRole("navigation", { name: "Threads" }).waitFor();
  await page.close();
  return { userId: String(decodeJwt(accessToken).sub), accessToken, context };
};

/** Signs in as a new user, prompts once and waits for the answer. */
export const signInAndPrompt = async (browser: Browser, appOrigin: string): Promise<OpenedThread> => {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await signInAsNewUser(page, appOrigin);
    await page.getByRole("button", { name: "New thread" }).first().click();
    await composer(page).fill("Hello");
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await messages(page).nth(1).waitFor();
    await page.getByRole("button", { name: "Stop", exact: true }).waitFor({ state: "hidden" });
    return { url: page.url(), state: await context.storageState() };
  } finally {
    await context.close();
  }
};

export interface LoadedFile {
  readonly url: string;
  /** As the browser names it: document, script, stylesheet, font, fetch, … */
  readonly kind: string;
  readonly body: Buffer;
  /** Bytes of the body as they came over the wire, compressed where the server compresses. */
  readonly wireBytes: number;
  /** Whether it was asked for before the messages could be read and the composer typed into. */
  readonly isBeforeUse: boolean;
}

const readableMark = "bench-readable";

/** Runs in the page: marks the first frame that shows both messages and the composer. */
const markReadable = (name: string): void => {
  const look = () => {
    const isReadable =
      document.querySelectorAll('[role="log"][aria-label="Conversation"] article').length > 1 &&
      document.querySelector('textarea[aria-label="Message"]') !== null;
    if (isReadable) performance.mark(name);
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
};

/** Runs in the page: what it asked for only after that frame. The clock is the page's own. */
const askedLater = (name: string): string[] => {
  const readableAt = performance.getEntriesByName(name)[0]?.startTime ?? Number.POSITIVE_INFINITY;
  const asked = performance.getEntriesByType("resource");
  const early = new Set(asked.filter(({ startTime }) => startTime <= readableAt).map(({ name: url }) => url));
  return asked.map(({ name: url }) => url).filter((url) => !early.has(url));
};

const readFile = async (response: Response, isBeforeUse: boolean): Promise<LoadedFile> => ({
  url: response.url(),
  kind: response.request().resourceType(),
  body: await response.body().catch(() => Buffer.alloc(0)),
  wireBytes: (await response.request().sizes()).responseBodySize,
  isBeforeUse,
});

/** Opens the thread with an empty cache and returns all that is asked for until nothing more comes. */
export const loadThread = async (browser: Browser, { url, state }: OpenedThread): Promise<readonly LoadedFile[]> => {
  const context = await browser.newContext({ storageState: state });
  try {
    const page = await context.newPage();
    const responses: Response[] = [];
    page.on("response", (response) => responses.push(response));
    await page.addInitScript(markReadable, readableMark);
    await page.goto(url, { waitUntil: "commit" });
    await messages(page).nth(1).waitFor({ timeout: visibleTimeoutMs });
    await composer(page).waitFor({ timeout: visibleTimeoutMs });
    await page.waitForLoadState("networkidle", { timeout: visibleTimeoutMs });
    const later = new Set(await page.evaluate(askedLater, readableMark));
    return await Promise.all(responses.map((response) => readFile(response, !later.has(response.url()))));
  } finally {
    await context.close();
  }
};
