import type { OutgoingHttpHeaders } from "node:http";
import { noWay, type ShowHeaders, type Way } from "./way.ts";

/** The way of a sandbox that is nobody's yet: it leads nowhere, not even to the model gateway. */
const closedWay: Way = { ...noWay, show: () => null };

/** The headers in which a sandbox shows its credential. */
const credentialHeaders = ["authorization", "x-api-key"] as const;

/** Puts the start's credential where the sandbox shows what it was given before it belonged to anybody. */
export const showInstead =
  (given: string, credential: string): ShowHeaders =>
  (headers) => {
    const shown: OutgoingHttpHeaders = { ...headers };
    for (const name of credentialHeaders) {
      const value = shown[name];
      if (typeof value === "string") shown[name] = value.replace(given, credential);
    }
    return shown;
  };

/** A way that leads nowhere until it becomes another, and may become one once. */
export const lateWay = (): { readonly way: Way; readonly become: (way: Way) => void } => {
  let current = closedWay;
  return {
    way: {
      decisions: {
        ask: (host) => current.decisions.ask(host),
        askAlways: (host) => current.decisions.askAlways(host),
        forget: () => current.decisions.forget(),
      },
      interception: { take: (client, host) => current.interception.take(client, host) },
      tally: { note: (...told) => current.tally.note(...told), close: () => current.tally.close() },
      show: (headers) => current.show(headers),
      close: () => current.close(),
    },
    become: (way) => {
      if (current !== closedWay) throw new Error("A sandbox is assigned once.");
      current = way;
    },
  };
};
