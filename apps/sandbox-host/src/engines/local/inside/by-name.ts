import * as net from "node:net";
import { join } from "./join.ts";
import { readServerName } from "./server-name.ts";

/** What a client sends first, in which it names its host. */
const firstBytesMax = 64 * 1024;
const firstMsMax = 10_000;
const answerBytesMax = 4_096;

const host = /^[a-z0-9._-]{1,253}$/;

/** A TLS alert: fatal, access denied. */
const accessDenied = Buffer.from([21, 3, 3, 0, 2, 2, 49]);

/** Reads the first bytes until they say something; `read`: undefined for "not yet". Whoever says too much, too late is cut. */
const readFirst = <A>(
  socket: net.Socket,
  bytesMax: number,
  read: (bytes: Buffer) => A | undefined,
  then: (value: A, bytes: Buffer) => void,
): void => {
  let bytes = Buffer.alloc(0);
  const onData = (chunk: Buffer): void => {
    bytes = Buffer.concat([bytes, chunk]);
    const value = read(bytes);
    if (value === undefined) {
      if (bytes.length > bytesMax) socket.destroy();
      return;
    }
    socket.off("data", onData);
    socket.pause();
    socket.setTimeout(0);
    then(value, bytes);
  };
  socket.setTimeout(firstMsMax, () => socket.destroy());
  socket.on("error", () => socket.destroy());
  socket.on("data", onData);
};

const headEnd = "\r\n\r\n";
const headOf = (bytes: Buffer): string | undefined => {
  const end = bytes.indexOf(headEnd);
  return end < 0 ? undefined : bytes.toString("latin1", 0, end + headEnd.length);
};

/** Takes a TLS connection to the relay as a client that knows of it would: by CONNECT. */
const takeTls = (client: net.Socket, egressSocket: string): void => {
  const read = (bytes: Buffer) => {
    const name = readServerName(bytes);
    return name === "more" ? undefined : { name };
  };
  readFirst(client, firstBytesMax, read, ({ name }, first) => {
    if (name === null || !host.test(name)) {
      client.end(accessDenied);
      return;
    }
    const way = net.connect(egressSocket);
    client.on("close", () => way.destroy());
    way.on("close", () => client.destroy());
    way.write(`CONNECT ${name}:443 HTTP/1.1\r\nhost: ${name}:443${headEnd}`);
    readFirst(way, answerBytesMax, headOf, (head, bytes) => {
      if (!/^HTTP\/1\.1 200 /.test(head)) {
        client.end(accessDenied);
        return;
      }
      const rest = bytes.subarray(head.length);
      if (rest.length > 0) way.unshift(rest);
      way.write(first);
      join(client, way);
    });
  });
};

/** Asks the relay about the host of a plain request; what it answers is the answer. */
const takePlain = (client: net.Socket, egressSocket: string): void => {
  readFirst(client, firstBytesMax, headOf, (head) => {
    const [, name = ""] = /^host:[ \t]*([^\r\n:]*)/im.exec(head) ?? [];
    if (!host.test(name.toLowerCase())) {
      client.destroy();
      return;
    }
    const way = net.connect(egressSocket);
    client.on("close", () => way.destroy());
    way.on("error", () => client.destroy());
    way.write(
      `GET http://${name.toLowerCase()}/ HTTP/1.1\r\nhost: ${name.toLowerCase()}\r\nconnection: close${headEnd}`,
    );
    way.pipe(client);
    client.resume();
  });
};

/** Servers for clients that connect to where a name led them, and the ports that they expect them at. */
export const byNameServers = (
  egressSocket: string,
): readonly { readonly port: number; readonly server: net.Server }[] => [
  { port: 443, server: net.createServer((client) => takeTls(client, egressSocket)) },
  { port: 80, server: net.createServer((client) => takePlain(client, egressSocket)) },
];
