/**
 * Clients that watch one query of the embedded Convex, in a process of their own, so that what they make of it takes nothing
 * of the writer's. SUBSCRIBERS_URL, SUBSCRIBERS_PATH and SUBSCRIBERS_ARGS say what is watched, SUBSCRIBERS_COUNT by how many.
 * Prints `{"order":n,"toldMs":[…]}` once all of them show the number n: when each was told, in milliseconds since 1970.
 */
import { randomUUID } from "node:crypto";
import { WebSocket } from "ws";

const { SUBSCRIBERS_URL = "", SUBSCRIBERS_PATH = "", SUBSCRIBERS_ARGS = "{}", SUBSCRIBERS_COUNT = "1" } = process.env;
const count = Number(SUBSCRIBERS_COUNT);
const connect = { type: "Connect", connectionCount: 0, lastCloseReason: null, clientTs: 0 };
const add = { type: "Add", queryId: 0, udfPath: SUBSCRIBERS_PATH, args: [JSON.parse(SUBSCRIBERS_ARGS)] };
const watch = JSON.stringify({ type: "ModifyQuerySet", baseVersion: 0, newVersion: 1, modifications: [add] });

/** When the clients were told of a number, for those that some have not been told of yet. */
const told = new Map<number, number[]>();

const note = (order: number): void => {
  const times = told.get(order) ?? [];
  told.set(order, times);
  times.push(performance.timeOrigin + performance.now());
  if (times.length < count) return;
  told.delete(order);
  process.stdout.write(`${JSON.stringify({ order, toldMs: times })}\n`);
};

for (let opened = 0; opened < count; opened += 1) {
  const socket = new WebSocket(`${SUBSCRIBERS_URL.replace(/^http/, "ws")}/api/1.48.0/sync`, {
    perMessageDeflate: false,
    skipUTF8Validation: true,
  });
  socket.on("open", () => {
    socket.send(JSON.stringify({ ...connect, sessionId: randomUUID() }));
    socket.send(watch);
  });
  socket.on("message", (data) => {
    const order = /"type":"QueryUpdated".*"value":(-?\d+)/.exec(data.toString())?.[1];
    if (order !== undefined) note(Number(order));
  });
}
