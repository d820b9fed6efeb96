import type { BrowserContext, CDPSession, Page } from "playwright-core";

const limitMs = 120_000;

/** Runs in the page before anything else: notes long tasks, and the first frame that shows this message. */
const watch = (messageId: string): void => {
  const seen = { openedAt: 0, longTasks: [] as { readonly at: number; readonly ms: number }[] };
  Reflect.set(globalThis, "benchSeen", seen);
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) seen.longTasks.push({ at: startTime, ms: duration });
  }).observe({ type: "longtask", buffered: true });
  const look = () =>
    requestAnimationFrame(() => {
      if (document.querySelector(`[data-message="${messageId}"]`) === null) return look();
      // The frame after the one that holds it: it has been painted.
      requestAnimationFrame(() => {
        seen.openedAt = performance.now();
      });
    });
  look();
};

interface Seen {
  readonly openedAt: number;
  readonly longTasks: readonly { readonly at: number; readonly ms: number }[];
}

/** Runs in the page: scrolls up by this much in every frame and tells how long each frame took. */
const scrollUp = async ({ frames, px }: { readonly frames: number; readonly px: number }): Promise<number[]> => {
  const log = document.querySelector('[role="log"]');
  const scroller = log?.parentElement;
  if (!scroller) return [];
  const took: number[] = [];
  let before = await new Promise<number>(requestAnimationFrame);
  for (let frame = 0; frame < frames; frame++) {
    scroller.scrollTop -= px;
    const now = await new Promise<number>(requestAnimationFrame);
    took.push(now - before);
    before = now;
  }
  return took;
};

/** Runs in the page: types letters into the message box; from each to the frame that shows it. */
const typeLetters = async (letters: number): Promise<number[]> => {
  const box = document.querySelector<HTMLTextAreaElement>('textarea[aria-label="Message"]');
  if (box === null) return [];
  const setValue = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value")?.set;
  const took: number[] = [];
  for (let letter = 0; letter <= letters; letter++) {
    const before = performance.now();
    setValue?.call(box, letter === letters ? "" : "x".repeat(letter + 1));
    box.dispatchEvent(new InputEvent("input", { bubbles: true }));
    await new Promise(requestAnimationFrame);
    await new Promise<void>((resolve) => setTimeout(resolve));
    took.push(performance.now() - before);
  }
  return took;
};

/** A thread that is open in a tab of its own. */
export class ThreadView {
  readonly #page: Page;
  readonly #devtools: CDPSession;
  private constructor(page: Page, devtools: CDPSession) {
    this.#page = page;
    this.#devtools = devtools;
  }

  /** Opens it in a fresh tab, and is back when the live thread has taken the page over. */
  static async open(context: BrowserContext, url: string, lastMessageId: string): Promise<ThreadView> {
    const page = await context.newPage();
    page.setDefaultTimeout(limitMs);
    await page.addInitScript(watch, lastMessageId);
    await page.goto(url, { waitUntil: "commit" });
    // Only the live view says where a message stands among all.
    await page.locator(`[data-message="${lastMessageId}"][aria-posinset]`).waitFor();
    return new ThreadView(page, await context.newCDPSession(page));
  }

  #seen(): Promise<Seen> {
    return this.#page.evaluate(() => Reflect.get(globalThis, "benchSeen") as Seen);
  }

  /** From the navigation until the last message was painted, in milliseconds. */
  async openedMs(): Promise<number> {
    await this.#page.waitForFunction(() => Reflect.get(Reflect.get(globalThis, "benchSeen"), "openedAt") > 0);
    return (await this.#seen()).openedAt;
  }

  /** From the navigation until this moment, by the page's clock. */
  now(): Promise<number> {
    return this.#page.evaluate(() => performance.now());
  }

  /** Durations of the tasks of more than 50 ms since that moment, in milliseconds. */
  async longTasksSince(at: number): Promise<readonly number[]> {
    // The observer hears of a task after its end.
    await this.#page.evaluate(() => new Promise<void>((resolve) => setTimeout(resolve, 50)));
    return (await this.#seen()).longTasks.flatMap((task) => (task.at >= at ? [task.ms] : []));
  }

  domNodes(): Promise<number> {
    return this.#page.evaluate(() => document.querySelectorAll("*").length);
  }

  /** The JavaScript heap after a collection, in bytes. */
  async heapBytes(): Promise<number> {
    await this.#devtools.send("HeapProfiler.collectGarbage");
    return (await this.#devtools.send("Runtime.getHeapUsage")).usedSize;
  }

  scrollUp(frames: number, px: number): Promise<readonly number[]> {
    return this.#page.evaluate(scrollUp, { frames, px });
  }

  typeLetters(letters: number): Promise<readonly number[]> {
    return this.#page.evaluate(typeLetters, letters);
  }

  /** Makes the page's processor slower by this factor. */
  async slowDown(rate: number): Promise<void> {
    await this.#devtools.send("Emulation.setCPUThrottlingRate", { rate });
  }

  /** Sends a message; resolves when its answer is written to the end. */
  async ask(text: string): Promise<void> {
    const answers = this.#page.locator('[data-author="assistant"][aria-busy="false"]');
    const last = await this.#page.locator("[data-message]").last().getAttribute("data-message");
    await this.#page.getByRole("textbox", { name: "Message" }).fill(text);
    await this.#page.getByRole("button", { name: "Send", exact: true }).click();
    await this.#page.waitForFunction((id) => {
      const all = document.querySelectorAll<HTMLElement>("[data-message]");
      const newest = all[all.length - 1];
      return newest?.dataset.message !== id && newest?.dataset.author === "assistant" && newest.ariaBusy === "false";
    }, last);
    await answers.last().waitFor();
  }

  async close(): Promise<void> {
    await this.#page.close();
  }
}
