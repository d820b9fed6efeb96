import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import * as net from "node:net";
import { Writable } from "node:stream";
import { afterEach, describe, expect, test } from "vitest";
import { connectInto } from "./connect-into.ts";

const servers: net.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Where somebody connects to who is then served by `serve`. */
const listen = async (serve: (socket: net.Socket) => void): Promise<net.NetConnectOpts> => {
  const server = net.createServer(serve);
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { host: "127.0.0.1", port: (server.address() as net.AddressInfo).port };
};

/** Takes each piece when it is told to; keeps nothing but a hash. */
class Slow extends Writable {
  readonly hash = createHash("sha256");
  mostBytes = 0;
  readonly #isHurried: () => boolean;
  #waiting: (() => void) | null = null;

  constructor(isHurried: () => boolean) {
    super({ highWaterMark: 1 });
    this.#isHurried = isHurried;
  }

  override _write(piece: Buffer, _: BufferEncoding, done: () => void): void {
    this.mostBytes = Math.max(this.mostBytes, this.writableLength);
    this.#waiting = () => {
      this.#waiting = null;
      // Only now is the piece looked at: whoever had written over it meanwhile would be found out.
      this.hash.update(piece);
      done();
    };
    if (this.#isHurried()) setImmediate(() => this.#waiting?.());
    else this.emit("piece");
  }

  take(): void {
    this.#waiting?.();
  }
}

describe("what comes from where somebody connected to", () => {
  test("is carried whole, however slowly it is taken, in so little memory", async () => {
    const sent = randomBytes(5 * 1024 * 1024 + 17);
    const into = new Slow(() => true);
    const socket = connectInto(await listen((client) => client.end(sent)), into);
    await once(socket, "end");
    into.end();
    await once(into, "finish");
    expect(into.hash.digest("hex")).toBe(createHash("sha256").update(sent).digest("hex"));
    expect(into.mostBytes).toBeLessThanOrEqual(2 * 64 * 1024);
  });

  test("is read no faster than it is taken", async () => {
    let isOpen = false;
    let pieces = 0;
    const into = new Slow(() => isOpen);
    const sent = randomBytes(32 * 1024 * 1024);
    const socket = connectInto(await listen((client) => client.end(sent)), into, () => {
      pieces += 1;
    });
    await once(into, "piece");
    for (let taken = 0; taken < 4; taken++) {
      const next = once(into, "piece");
      into.take();
      await next;
      expect(pieces).toBeLessThanOrEqual(taken + 4);
    }
    isOpen = true;
    into.take();
    await once(socket, "end");
    into.end();
    await once(into, "finish");
    expect(into.hash.digest("hex")).toBe(createHash("sha256").update(sent).digest("hex"));
  });

  test("that is cut is an error, and what was written to it arrives", async () => {
    const arrived: string[] = [];
    const where = await listen((client) =>
      client.on("data", (bytes) => {
        arrived.push(String(bytes));
        client.resetAndDestroy();
      }),
    );
    const socket = connectInto(where, new Slow(() => true));
    socket.write("hello");
    const [error] = (await once(socket, "error")) as [NodeJS.ErrnoException];
    expect([error.code, arrived]).toEqual(["ECONNRESET", ["hello"]]);
  });
});
