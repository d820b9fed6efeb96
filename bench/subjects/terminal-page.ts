import type { Page } from "playwright-core";

const limitMs = 600_000;
const view = ".terminal-view:not([hidden])";
const rows = `${view} .xterm-rows`;

interface Watch {
  /** From the newest key to the frame that shows what it did; 0 while that is to come. */
  paintedMs: number;
  /** What is waited for, and from which key until it was painted. */
  word: string;
  saidMs: number;
}

/** Runs in the page: notes when what was typed, and what was waited for, is painted. */
const watch = (selector: string): void => {
  const seen: Watch = { paintedMs: 0, word: "", saidMs: 0 };
  Reflect.set(globalThis, "benchTerminal", seen);
  const text = () => document.querySelector(selector)?.textContent ?? "";
  let [pressedAt, enteredAt, before] = [0, 0, ""];
  addEventListener(
    "keydown",
    ({ key }) => {
      pressedAt = performance.now();
      before = text();
      if (key === "Enter") enteredAt = pressedAt;
    },
    true,
  );
  const look = () => {
    requestAnimationFrame(look);
    if (pressedAt === 0 && seen.word === "") return;
    const now = text();
    const isChanged = pressedAt > 0 && now !== before;
    const isSaid = seen.word !== "" && now.includes(seen.word);
    if (!isChanged && !isSaid) return;
    const [key, entered] = [pressedAt, enteredAt];
    if (isChanged) pressedAt = 0;
    if (isSaid) seen.word = "";
    // The task after this frame: it has been painted.
    setTimeout(() => {
      if (isChanged) seen.paintedMs = performance.now() - key;
      if (isSaid) seen.saidMs = performance.now() - entered;
    });
  };
  requestAnimationFrame(look);
};

/** A terminal on a page, whoever made the page. */
export class TerminalPage {
  readonly page: Page;
  #printed = 0;

  constructor(page: Page) {
    this.page = page;
  }

  /** Before the page is opened. */
  static async prepare(page: Page): Promise<void> {
    page.setDefaultTimeout(limitMs);
    await page.addInitScript(watch, rows);
  }

  async waitForPrompt(): Promise<void> {
    await this.page.waitForFunction(
      (selector) => /[$#]\s*$/.test(document.querySelector(selector)?.textContent ?? ""),
      rows,
    );
    await this.page.locator(`${view} textarea`).focus();
  }

  /** Types letters at the prompt; from each key to the frame that shows it. */
  async echo(letters: number): Promise<readonly number[]> {
    const took: number[] = [];
    for (let letter = 0; letter < letters; letter += 1) {
      await this.page.evaluate(() => Reflect.set(Reflect.get(globalThis, "benchTerminal"), "paintedMs", 0));
      await this.page.keyboard.press("abcdefgh"[letter % 8] ?? "a");
      const painted = await this.page.waitForFunction(() => Reflect.get(globalThis, "benchTerminal").paintedMs);
      took.push(Number(await painted.jsonValue()));
    }
    await this.page.keyboard.press("Control+U");
    return took;
  }

  /** Runs a command that prints so much; milliseconds from Enter until its end is painted. */
  async print(bytes: number): Promise<number> {
    this.#printed += 1;
    const word = `over-${1_000 + this.#printed}`;
    await this.page.evaluate((expected) => {
      Object.assign(Reflect.get(globalThis, "benchTerminal"), { word: expected, saidMs: 0 });
    }, word);
    const line = "0123456789".repeat(7);
    await this.page.keyboard.insertText(`yes ${line} | head -c ${bytes}; echo; echo over-$((1000 + ${this.#printed}))`);
    await this.page.keyboard.press("Enter");
    const said = await this.page.waitForFunction(() => Reflect.get(globalThis, "benchTerminal").saidMs);
    return Number(await said.jsonValue());
  }

  /** Columns and rows. */
  async size(): Promise<{ readonly columns: number; readonly rows: number }> {
    await this.page.keyboard.insertText("clear; stty size");
    await this.page.keyboard.press("Enter");
    const found = await this.page.waitForFunction((selector) => {
      const text = document.querySelector(selector)?.textContent ?? "";
      return /(?:^|\D)(\d{1,3}) (\d{2,3})\s*\D/.exec(text)?.slice(1).map(Number) ?? null;
    }, rows);
    const [tall = 24, wide = 80] = (await found.jsonValue()) ?? [];
    return { columns: wide, rows: tall };
  }
}
