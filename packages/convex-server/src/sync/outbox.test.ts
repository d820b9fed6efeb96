import { describe, expect, test } from "vitest";
import { Outbox } from "./outbox.ts";

/** A client that reads only when it is told to. */
class SlowCarrier {
  readonly sent: string[] = [];
  readonly #unread: { readonly size: number; readonly onTaken: () => void }[] = [];

  get bufferedAmount(): number {
    return this.#unread.reduce((sum, { size }) => sum + size, 0);
  }

  send(text: string, onTaken: () => void): void {
    this.sent.push(text);
    this.#unread.push({ size: text.length, onTaken });
  }

  read(): void {
    this.#unread.shift()?.onTaken();
  }
}

const mebibyte = 1 << 20;

describe("what waits for a client", () => {
  test("is not handed out before the client reads, and keeps its order", async () => {
    const carrier = new SlowCarrier();
    const outbox = new Outbox(carrier);
    let cut = 0;
    const parts = function* (): Generator<string, void, void> {
      for (const name of ["a", "b", "c"]) {
        cut += 1;
        yield name.repeat(mebibyte);
      }
    };
    outbox.push(parts(), 3 * mebibyte);
    outbox.push(["last"], 4);
    expect(cut).toBe(1);
    expect(outbox.size).toBe(3 * mebibyte + 4);
    let isEmpty = false;
    const empty = outbox.whenEmpty().then(() => {
      isEmpty = true;
    });
    carrier.read();
    expect(cut).toBe(2);
    carrier.read();
    await Promise.resolve();
    expect(isEmpty).toBe(false);
    carrier.read();
    await empty;
    expect(carrier.sent.map((text) => text[0])).toEqual(["a", "b", "c", "l"]);
    expect(outbox.size).toBe(0);
  });

  test("is dropped when the client is gone, and nobody waits for it any more", async () => {
    const carrier = new SlowCarrier();
    const outbox = new Outbox(carrier);
    outbox.push(["x".repeat(mebibyte), "never"], mebibyte + 5);
    const empty = outbox.whenEmpty();
    outbox.close();
    await empty;
    carrier.read();
    outbox.push(["after"], 5);
    expect(carrier.sent).toHaveLength(1);
    expect(outbox.size).toBe(0);
  });

  test("stalls only while something waits", () => {
    const carrier = new SlowCarrier();
    const outbox = new Outbox(carrier);
    expect(outbox.stalledMs).toBe(0);
    outbox.push(["x".repeat(mebibyte), "y"], mebibyte + 1);
    expect(outbox.stalledMs).toBeGreaterThan(0);
    carrier.read();
    expect(outbox.stalledMs).toBe(0);
  });
});
