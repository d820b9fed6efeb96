import type { SandboxName } from "@threadbox/contracts/ids";
import { type SandboxEnd, TakenEnds } from "@threadbox/contracts/sandbox-host";
import { Redacted, Schema } from "effect";

/** Tells of ends; resolves with those that are to be told again, rejects when none was taken. */
export type SendEnds = (ends: readonly SandboxEnd[], signal: AbortSignal) => Promise<readonly SandboxName[]>;

const answerTimeoutMs = 10_000;
const decode = Schema.decodeUnknownPromise(TakenEnds);

/** The worker's route for the ends of sandboxes. */
export const workerEar =
  (url: URL, token: Redacted.Redacted<string>): SendEnds =>
  async (sandboxes, signal) => {
    const response = await fetch(url, {
      method: "POST",
      headers: { authorization: `Bearer ${Redacted.value(token)}`, "content-type": "application/json" },
      body: JSON.stringify({ sandboxes }),
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerTimeoutMs)]),
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new Error(`The worker answered ${response.status}.`);
    }
    return (await decode(await response.json())).later;
  };
