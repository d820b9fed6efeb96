import { connect, type NetConnectOpts } from "node:net";
import type { OddRequest } from "./odd-requests.ts";

/** Ends a connection on which neither side says anything; nothing is concluded from it. */
const silenceMs = 1_000;

/** Sends one odd request on a connection of its own; resolves, with the answer's first bytes, when that is gone. */
export const shoot = (to: NetConnectOpts, { parts, frames, leaves }: OddRequest): Promise<string> =>
  new Promise((resolve) => {
    let answered = "";
    const socket = connect({ ...to, allowHalfOpen: true });
    socket.setTimeout(silenceMs, () => socket.destroy());
    socket.on("error", () => socket.destroy());
    socket.once("close", () => resolve(answered));
    socket.on("data", (bytes: Buffer) => {
      const isFirst = answered === "";
      if (isFirst) answered = bytes.toString("latin1", 0, 200);
      if (isFirst && answered.startsWith("HTTP/1.1 101 ")) {
        for (const frame of frames) socket.write(frame);
        socket.end();
      } else if (leaves === "read") socket.destroy();
    });
    socket.once("end", () => socket.destroy());
    socket.once("connect", () => {
      for (const part of parts) socket.write(part);
      if (leaves === "end") socket.end();
      else if (leaves === "reset") socket.write("", () => ("path" in to ? socket.destroy() : socket.resetAndDestroy()));
    });
  });

/** Shoots that many, a few at a time; answers how often each status came back (`""`: none at all). */
export const shootAll = async (
  to: NetConnectOpts,
  count: number,
  next: () => OddRequest,
): Promise<Readonly<Record<string, number>>> => {
  const statuses: Record<string, number> = {};
  let left = count;
  const shootOn = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const status = /^HTTP\/1\.[01] (\d{3})/.exec(await shoot(to, next()))?.[1] ?? "";
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: 24 }, shootOn));
  return statuses;
};
