import { codemodeLimits } from "@threadbox/contracts/codemode-limits";
import type { ProgramRequest } from "@threadbox/contracts/program-approval";
import { Effect } from "effect";
import { seeRequest } from "../egress/index.ts";
import { asRefusal, ToolRefusedError } from "./errors.ts";
import type { ProgramOwner } from "./program-owner.ts";

/** One request that waits for a person's word. */
export interface Held {
  readonly method: string;
  readonly url: string;
  /** As they were given: handles, never values. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | null;
}

/** The same, and how a person is shown it. */
export interface HeldRequest extends Held {
  readonly shown: ProgramRequest;
}

/** As they are given to the one that sends them. */
export const headersOf = ({ headers }: Pick<Held, "headers">): Headers => {
  const made = new Headers();
  for (const [name, value] of headers) made.append(name, value);
  return made;
};

export type RequestWish = Pick<Held, "method" | "url" | "body"> & { readonly headers: Headers };

const refuse = (message: string) => new ToolRefusedError({ message });

/** How a request looks at this moment; refuses one that would be refused if it left now. */
export const lookAt = Effect.fnUntraced(function* (
  { method, url, headers, body }: RequestWish,
  { threadId }: Pick<ProgramOwner, "threadId">,
) {
  const seen = yield* Effect.mapError(seeRequest({ url, headers }, threadId), asRefusal);
  return { method, body, ...seen } satisfies ProgramRequest;
});

/** What one program wants to send. Nothing of it leaves before a person has seen it. */
export class HeldRequests {
  readonly #held: HeldRequest[] = [];

  all(): readonly HeldRequest[] {
    return [...this.#held];
  }

  /** Takes a request that would be let out, and answers with its place in the order of sending. */
  readonly hold = Effect.fnUntraced(
    function* (this: HeldRequests, wish: RequestWish, owner: ProgramOwner) {
      const { method, url, headers, body } = wish;
      if (new TextEncoder().encode(body ?? "").byteLength > codemodeLimits.bodyBytesMax)
        return yield* refuse(`A body is ${codemodeLimits.bodyBytesMax / 1024} KiB at most.`);
      const shown = yield* lookAt(wish, owner);
      if (this.#held.length >= codemodeLimits.heldRequestsMax)
        return yield* refuse(`One program sends ${codemodeLimits.heldRequestsMax} requests at most.`);
      this.#held.push({ method, url, headers: [...headers], body, shown });
      return this.#held.length;
    }.bind(this),
  );
}
