import { once } from "node:events";
import * as net from "node:net";
import * as tls from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import { readServerName } from "./server-name.ts";

/** The first message of a real client. */
const helloFor = async (options: tls.ConnectionOptions): Promise<Buffer> => {
  const server = net.createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as net.AddressInfo;
  const client = tls.connect({ ...options, port, host: "127.0.0.1" }).on("error", () => {});
  onTestFinished(() => {
    client.destroy();
    server.close();
  });
  const [socket] = (await once(server, "connection")) as [net.Socket];
  const [bytes] = (await once(socket, "data")) as [Buffer];
  return bytes;
};

/** The same message in records of that size. */
const inRecords = (hello: Buffer, size: number): Buffer => {
  const body = hello.subarray(5);
  const records: Buffer[] = [];
  for (let at = 0; at < body.length; at += size) {
    const part = body.subarray(at, at + size);
    const head = Buffer.from([22, 3, 1, 0, 0]);
    head.writeUInt16BE(part.length, 3);
    records.push(head, part);
  }
  return Buffer.concat(records);
};

test("the name is read from a client's first message, with any version, and once it is whole", async () => {
  for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const) {
    const hello = await helloFor({ servername: "API.Example.com", maxVersion });
    expect(readServerName(hello)).toBe("api.example.com");
    for (let length = 0; length < hello.length; length++)
      expect(readServerName(hello.subarray(0, length))).toBe("more");
  }
});

test("a message in many records is one message", async () => {
  const hello = inRecords(await helloFor({ servername: "api.example.com" }), 7);
  expect(readServerName(hello)).toBe("api.example.com");
  expect(readServerName(hello.subarray(0, hello.length - 1))).toBe("more");
});

test("what names nobody is nobody's, and garbage breaks nothing", async () => {
  const hello = await helloFor({});
  expect(readServerName(hello)).toBeNull();
  expect(readServerName(Buffer.from("GET / HTTP/1.1\r\n\r\n"))).toBeNull();
  const named = await helloFor({ servername: "api.example.com" });
  for (let at = 0; at < named.length; at++) {
    const broken = Buffer.from(named);
    broken[at] = (broken[at] ?? 0) ^ 0xff;
    expect(() => readServerName(broken)).not.toThrow();
  }
});
