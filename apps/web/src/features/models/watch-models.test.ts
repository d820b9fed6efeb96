import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type WatchedModels, watchModels } from "./watch-models.ts";

/** A server with one revision, and tabs that ask it. */
class Server extends EventTarget {
  revision = 1;
  waiting = 0;

  change(): void {
    this.revision += 1;
    this.dispatchEvent(new Event("change"));
  }

  tab(): WatchedModels & { readonly known: () => number | null } {
    let known: number | null = null;
    const seen = () => known;
    return {
      known: seen,
      seen,
      ask: async (revision, signal) => {
        if (revision === this.revision) {
          this.waiting += 1;
          await new Promise((resolve) => {
            this.addEventListener("change", resolve, { once: true });
            signal.addEventListener("abort", resolve, { once: true });
          });
          this.waiting -= 1;
          signal.throwIfAborted();
        }
        known = this.revision;
        return known;
      },
    };
  }
}

const page = Object.assign(new EventTarget(), { visibilityState: "visible" });
const ends: (() => void)[] = [];
const open = (tab: WatchedModels) => {
  const watched = watchModels(tab);
  ends.push(watched.end);
  return watched;
};

beforeEach(() => {
  page.visibilityState = "visible";
  vi.stubGlobal("document", page);
  vi.stubGlobal("window", new EventTarget());
  vi.stubGlobal("navigator", { onLine: true, locks: navigator.locks });
});
afterEach(() => {
  for (const end of ends.splice(0)) end();
  vi.unstubAllGlobals();
});

test("one tab waits for changes, and every tab hears of them", async () => {
  const server = new Server();
  const [first, second] = [server.tab(), server.tab()];
  open(first);
  open(second);
  await expect.poll(() => [first.known(), second.known(), server.waiting], { timeout: 20_000 }).toEqual([1, 1, 1]);
  server.change();
  await expect.poll(() => [first.known(), second.known()], { timeout: 20_000 }).toEqual([2, 2]);
  await expect.poll(() => server.waiting, { timeout: 20_000 }).toBe(1);
});

test("a tab that nobody looks at leaves the waiting to another, and asks when it is looked at again", async () => {
  const server = new Server();
  const tab = server.tab();
  open(tab);
  await expect.poll(() => server.waiting, { timeout: 20_000 }).toBe(1);
  page.visibilityState = "hidden";
  page.dispatchEvent(new Event("visibilitychange"));
  await expect.poll(() => server.waiting, { timeout: 20_000 }).toBe(0);
  server.change();
  page.visibilityState = "visible";
  page.dispatchEvent(new Event("visibilitychange"));
  await expect.poll(() => tab.known(), { timeout: 20_000 }).toBe(2);
});

test("what one tab alone has changed is asked for by the others", async () => {
  const server = new Server();
  const [first, second] = [server.tab(), server.tab()];
  const { tell } = open(first);
  open(second);
  await expect.poll(() => second.known(), { timeout: 20_000 }).toBe(1);
  const asked = vi.spyOn(second, "ask");
  tell();
  await expect.poll(() => asked.mock.calls.some(([seen]) => seen === null), { timeout: 20_000 }).toBe(true);
});
