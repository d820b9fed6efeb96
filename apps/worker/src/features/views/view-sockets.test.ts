import { closeCode } from "@threadbox/contracts/errors";
import { viewOrigin } from "@threadbox/contracts/views";
import { describe, expect, test } from "vitest";
import { World } from "./views.testing.ts";

describe("A46: a socket of a view", () => {
  const openSocket = async () => {
    const world = new World();
    const { label, headers } = await world.open("port:5173");
    const origin = `http://${label}.sbx.threadbox.localhost:8787`;
    const answer = await world.ask(label, "/", { headers: { ...headers, origin, upgrade: "websocket" } });
    const [page, inside] = [answer.webSocket, world.socketInside];
    if (page === null || inside === null) throw new Error("no socket");
    page.accept();
    const closed = (socket: WebSocket) =>
      new Promise<number>((resolve) => socket.addEventListener("close", ({ code }) => resolve(code), { once: true }));
    return { world, page, inside, ends: [closed(page), closed(inside)] };
  };
  const tooLarge = "x".repeat(4 * 1024 * 1024 + 1);

  test("that is sent too large a message by its page ends on both sides", async () => {
    const { page, ends } = await openSocket();
    page.send(tooLarge);
    expect(await Promise.all(ends)).toEqual([1009, 1009]);
  });

  test("that a sandbox sends too large a message on ends on both sides", async () => {
    const { inside, ends } = await openSocket();
    inside.send(tooLarge);
    expect(await Promise.all(ends)).toEqual([1009, 1009]);
  });

  test("ends within three seconds of its right", async () => {
    const { world, ends } = await openSocket();
    await world.pass(viewOrigin.revokedSecondsMax * 1000);
    world.isGranted = false;
    await world.pass(viewOrigin.revokedSecondsMax * 1000);
    expect(await ends[0]).toBe(closeCode.auth);
  });
});
