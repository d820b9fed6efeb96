/**
 * Asks a host by HTTPS again and again over one connection, by the proxy of its environment where there is one, and prints the
 * times as JSON. Address (`host:port`), requests, expected status, `Authorization`: arguments. It stands in one file without
 * packages, because it is written into a sandbox. Whose certificate it is shown is of no interest here.
 */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

const [address = "", requests = "1", status = "200", authorization = ""] = process.argv.slice(2);
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

/** One answer with a length; resolves to its status. */
const readAnswer = async (): Promise<string> => {
  let text = "";
  for (;;) {
    const [piece] = (await once(tls, "data")) as [Buffer];
    text += piece.toString("latin1");
    const end = text.indexOf("\r\n\r\n");
    if (end < 0) continue;
    const head = text.slice(0, end).toLowerCase();
    const length = /content-length: (\d+)/.exec(head)?.[1];
    const isWhole = length === undefined ? text.endsWith("0\r\n\r\n") : text.length >= end + 4 + Number(length);
    if (isWhole) return head.split(" ")[1] ?? "";
  }
};

const latenciesMs: number[] = [];
let failed = 0;
const header = authorization === "" ? "" : `authorization: ${authorization}\r\n`;
for (let asked = 0; asked < Number(requests); asked++) {
  const askedAt = performance.now();
  tls.write(`GET /json HTTP/1.1\r\nhost: ${host}\r\n${header}\r\n`);
  if ((await readAnswer()) !== status) failed += 1;
  latenciesMs.push(performance.now() - askedAt);
}
tls.destroy();
console.log(JSON.stringify({ connectMs, latenciesMs, failed }));
