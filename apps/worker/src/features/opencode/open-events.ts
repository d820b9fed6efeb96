import { Effect } from "effect";
import type { SandboxClient, SandboxError } from "../sandbox/index.ts";
import { withDirectory } from "./client.ts";
import { OpenCodeSilentError } from "./errors.ts";

/** How long the answer to opening the stream may take. */
const openMax = "5 seconds";

export const silentEvents = (cause: unknown) => new OpenCodeSilentError({ call: "event", cause: String(cause) });

/** One connection on which OpenCode tells its events. */
export interface OpenEvents {
  readonly read: () => Promise<ReadableStreamReadResult<Uint8Array>>;
  readonly close: () => void;
}

export const openEvents = (sandbox: SandboxClient): Effect.Effect<OpenEvents, SandboxError | OpenCodeSilentError> =>
  Effect.suspend(() => {
    const control = new AbortController();
    const asked = sandbox.fetch(withDirectory("/event"), {
      signal: control.signal,
      headers: { accept: "text/event-stream" },
    });
    return asked.pipe(
      Effect.timeoutOrElse({ duration: openMax, orElse: () => Effect.fail(silentEvents("no answer")) }),
      Effect.filterOrFail(
        (response) => response.ok && response.body !== null,
        (response) => silentEvents(`status ${response.status}`),
      ),
      Effect.map(({ body }) => {
        const reader = (body as ReadableStream<Uint8Array>).getReader();
        return { read: () => reader.read(), close: () => control.abort() };
      }),
      Effect.onExit((exit) => (exit._tag === "Failure" ? Effect.sync(() => control.abort()) : Effect.void)),
    );
  });
