/**
 * Asks a host by HTTPS over one connection, by the proxy of its environment where there is one, and prints what it measured
 * as JSON. Address (`host:port`), work (`requests`, `download` or `events`) and how many of them (of bytes for a download):
 * arguments. It stands in one file without packages, because it is written into a sandbox. Whose certificate it is shown is
 * of no interest here.
 */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

const [address = "", work = "requests", count = "1", everyMs = "5"] = process.argv.slice(2);
const [host = "", port = "443"] = address.split(":");
const proxy = process.env.HTTPS_PROXY ?? process.env.https_proxy;

const openSocket = async (): Promise<Socket> => {
  if (proxy === undefined) {
    const socket = connect({ host: "127.0.0.1", port: Number(port), noDelay: true });
    await once(socket, "connect");
    return socket;
  }
  const url = new URL(proxy);
  const socket = connect({ host: url.hostname, port: Number(url.port || 80), noDelay: true });
  await once(socket, "connect");
  socket.write(`CONNECT ${host}:443 HTTP/1.1\r\nhost: ${host}:443\r\n\r\n`);
  const [answer] = (await once(socket, "data")) as [Buffer];
  if (!answer.toString("latin1").startsWith("HTTP/1.1 200")) throw new Error(answer.toString("latin1"));
  return socket;
};

const startedAt = performance.now();
const tls = connectTls({ socket: await openSocket(), servername: host, rejectUnauthorized: false });
await once(tls, "secureConnect");
const connectMs = performance.now() - startedAt;

const ask = (path: string): void => void tls.write(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\n\r\n`);
const nextPiece = async (): Promise<Buffer> => ((await once(tls, "data")) as [Buffer])[0];

/** One answer; resolves to its status. */
const readAnswer = async (): Promise<string> => {
  let text = "";
  for (;;) {
    text += (await nextPiece()).toString("latin1");
    const end = text.indexOf("\r\n\r\n");
    if (end < 0) continue;
    const head = text.slice(0, end).toLowerCase();
    const length = /content-length: (\d+)/.exec(head)?.[1];
    const isWhole = length === undefined ? text.endsWith("0\r\n\r\n") : text.length >= end + 4 + Number(length);
    if (isWhole) return head.split(" ")[1] ?? "";
  }
};

const askAgainAndAgain = async () => {
  const latenciesMs: number[] = [];
  let failed = 0;
  for (let asked = 0; asked < Number(count); asked++) {
    const askedAt = performance.now();
    ask("/json");
    if ((await readAnswer()) !== "200") failed += 1;
    latenciesMs.push(performance.now() - askedAt);
  }
  return { latenciesMs, failed };
};

const download = async () => {
  const askedAt = performance.now();
  let read = 0;
  const whole = new Promise<void>((done, fail) => {
    tls.on("data", (piece: Buffer) => {
      // With the first piece comes the head, which is not counted.
      read += read === 0 ? piece.length - (piece.indexOf("\r\n\r\n") + 4) : piece.length;
      if (read >= Number(count)) done();
    });
    tls.once("close", () => fail(new Error(`The download ended after ${read} bytes.`)));
  });
  ask(`/bytes?n=${count}`);
  await whole;
  return { mebibytesPerSecond: (read / 1024 / 1024 / (performance.now() - askedAt)) * 1_000 };
};

/** How long each event was under way. */
const listen = async () => {
  const latenciesMs: number[] = [];
  let left = "";
  ask(`/events?n=${count}&everyMs=${everyMs}`);
  for await (const piece of tls) {
    const now = process.hrtime.bigint();
    const text = left + (piece as Buffer).toString("latin1");
    const lines = text.split("\n");
    left = lines.pop() ?? "";
    for (const line of lines) {
      const sentAt = /^data: (\d+)/.exec(line)?.[1];
      if (sentAt !== undefined) latenciesMs.push(Number(now - BigInt(sentAt)) / 1e6);
    }
    if (latenciesMs.length >= Number(count)) break;
  }
  return { latenciesMs, failed: Number(count) - latenciesMs.length };
};

const works: Readonly<Record<string, () => Promise<object>>> = { requests: askAgainAndAgain, download, events: listen };
const done = await works[work]?.();
tls.destroy();
console.log(JSON.stringify({ connectMs, ...done }));
