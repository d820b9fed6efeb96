import { Effect } from "effect";

const digest = (text: string) => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));

/** Takes the same time for every wrong secret. */
export const isSameSecret = (given: string, expected: string): Effect.Effect<boolean> =>
  Effect.promise(async () => crypto.subtle.timingSafeEqual(await digest(given), await digest(expected)));
