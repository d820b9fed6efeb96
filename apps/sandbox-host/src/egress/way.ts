import type { OutgoingHttpHeaders } from "node:http";
import { ThreadId } from "@threadbox/contracts/ids";
import { Schema } from "effect";
import type { Logger } from "pino";
import type { Config } from "../config.ts";
import type { SandboxStart } from "../engines/engine.ts";
import { askDecisions, type Decisions } from "./ask-decision.ts";
import type { FindCertificate } from "./certificates.ts";
import { type Interception, openInterception } from "./intercept.ts";
import { noTally, type TallyEgress, tallyEgress } from "./tally.ts";
import { egressWorker } from "./worker.ts";

/** What one sandbox's relay asks, and what takes over from it. */
export interface Way {
  readonly decisions: Decisions;
  readonly interception: Interception;
  readonly tally: TallyEgress;
  /** What of a program's headers the worker is shown; null: the request is refused. */
  readonly show: ShowHeaders;
  readonly close: () => void;
}

export type ShowHeaders = (headers: OutgoingHttpHeaders) => OutgoingHttpHeaders | null;

const isThreadId = Schema.is(ThreadId);

const denyAll = async () =>
  ({
    verdict: "deny",
    reason: "This sandbox belongs to no thread, so that it may reach no host.",
    cause: "unlisted",
  }) as const;

/** Nobody decides for a sandbox that belongs to no thread. */
export const noWay: Way = {
  decisions: { ask: denyAll, askAlways: denyAll, forget: () => {} },
  interception: { take: async (client) => void client.destroy() },
  tally: noTally,
  show: (headers) => headers,
  close: () => {},
};

/** The worker that decides is the one that the model gateway is part of. */
export const openWay = (
  { modelGatewayUrl, token }: Config,
  { request: { owner, generation }, traffic }: SandboxStart,
  findCertificate: FindCertificate,
  log: Logger,
): Way => {
  if (!isThreadId(owner)) return noWay;
  const worker = egressWorker(modelGatewayUrl, token, { threadId: owner, generation });
  const tally = tallyEgress(worker, Date.now, log);
  return {
    decisions: askDecisions(worker, () => performance.now()),
    interception: openInterception({ worker, findCertificate, traffic, log }),
    tally,
    show: (headers) => headers,
    // Nobody waits for a worker that is to be told the rest.
    close: () => void tally.close().finally(worker.close),
  };
};
