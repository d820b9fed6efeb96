import { afterAll, beforeAll, expect, test } from "vitest";
import { type Child, startProgram } from "./child.ts";

let child: Child;
let origin: string;
beforeAll(async () => {
  ({ child, origin } = await startProgram(new URL("./behind-port.ts", import.meta.url).pathname));
});
afterAll(() => child.stop());

test("the server behind a port sends exactly as many bytes as it is asked for", async () => {
  for (const length of [0, 1, 65_536, 200_001]) {
    const body = await (await fetch(`${origin}/bytes?n=${length}`)).arrayBuffer();
    expect(body.byteLength).toBe(length);
  }
  expect((await fetch(`${origin}/bytes?n=1e12`)).status).toBe(404);
  expect((await (await fetch(`${origin}/json`)).arrayBuffer()).byteLength).toBeGreaterThan(400);
});

test("it echoes text of every length as it came", async () => {
  const socket = new WebSocket(origin.replace("http", "ws"));
  await new Promise((resolve) => socket.addEventListener("open", resolve, { once: true }));
  for (const length of [0, 125, 126, 450, 60_000]) {
    const text = "ä".repeat(length / 2);
    const answer = new Promise((resolve) => {
      socket.addEventListener("message", ({ data }) => resolve(data), { once: true });
    });
    socket.send(text);
    expect(await answer).toBe(text);
  }
  const closed = new Promise((resolve) => socket.addEventListener("close", resolve, { once: true }));
  socket.close();
  await closed;
});
