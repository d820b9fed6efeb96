import type { SandboxName } from "@threadbox/contracts/ids";
import { TakenEnds } from "@threadbox/contracts/sandbox-host";
import { Redacted, Schema } from "effect";

/** Tells of some sandboxes; resolves with those that are to be told again, rejects when none was taken. */
export type SendNews<News> = (news: readonly News[], signal: AbortSignal) => Promise<readonly SandboxName[]>;

const answerTimeoutMs = 10_000;
const decode = Schema.decodeUnknownPromise(TakenEnds);

/** A route of the worker's for news of sandboxes. */
export const workerEar =
  <News>(url: URL, token: Redacted.Redacted<string>): SendNews<News> =>
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
