import { type Browser, chromium, type Page, type Response } from "playwright-core";

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

/** Signs in as a new user, prompts once and waits for the answer. */
export const signInAndPrompt = async (browser: Browser, appOrigin: string): Promise<OpenedThread> => {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(visibleTimeoutMs);
    await page.goto(appOrigin);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("Bench");
    await page.getByRole("button", { name: "Create user" }).click();
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
  /** Whether it was there before the messages could be read and the composer typed into. */
  readonly isBeforeUse: boolean;
}

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
    const responses: (readonly [Response, boolean])[] = [];
    let isBeforeUse = true;
    page.on("response", (response) => responses.push([response, isBeforeUse]));
    await page.goto(url, { waitUntil: "commit" });
    await messages(page).nth(1).waitFor({ timeout: visibleTimeoutMs });
    await composer(page).waitFor({ timeout: visibleTimeoutMs });
    isBeforeUse = false;
    await page.waitForLoadState("networkidle", { timeout: visibleTimeoutMs });
    return await Promise.all(responses.map(([response, wasBefore]) => readFile(response, wasBefore)));
  } finally {
    await context.close();
  }
};
