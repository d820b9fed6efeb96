import { once } from "node:events";
import type * as http from "node:http";
import { text } from "node:stream/consumers";
import { EgressAnswer, egressApi } from "@threadbox/contracts/egress";
import { Schema } from "effect";
import type { EgressWorker } from "./worker.ts";

/** What is done with connections to that host. Never rejects. */
export type AskDecision = (host: string) => Promise<EgressAnswer>;

/** What one sandbox's relay knows of decisions. */
export interface Decisions {
  /** For a program inside: within a rate. */
  readonly ask: AskDecision;
  /** For the relay itself. */
  readonly askAlways: AskDecision;
  /** Decisions may be others from now on: no answer that was asked for before counts. */
  readonly forget: () => void;
}

const answerMsMax = 5_000;
const keptMsMax = 5_000;
const keptMax = 256;

/** A program inside decides what is asked about: so many new hosts at once, and so many in each second after that. */
const questionsMax = 64;
const questionsPerSecond = 8;

const decode = Schema.decodeUnknownPromise(Schema.fromJsonString(EgressAnswer));

/** Nothing passes on the strength of an answer that did not come. */
const unanswered: EgressAnswer = {
  verdict: "deny",
  reason: "Whether this host may be reached can't be found out right now. Try again.",
  cause: "unasked",
};

const tooMany: EgressAnswer = {
  verdict: "deny",
  reason: "This sandbox asks for too many different hosts at once. Wait a moment.",
  cause: "unasked",
};

/** Lets through what is within the rate. `now` in milliseconds. */
const questionRate = (now: () => number): (() => boolean) => {
  let left = questionsMax;
  let filledAt = now();
  return () => {
    const at = now();
    left = Math.min(questionsMax, left + ((at - filledAt) / 1_000) * questionsPerSecond);
    filledAt = at;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
};

const ask = async (worker: EgressWorker, host: string): Promise<EgressAnswer> => {
  const request = worker.request("POST", egressApi.decisionPath, { "content-type": "application/json" });
  // It is told by `once`; whatever comes later is told by the body.
  request.on("error", () => {});
  const timer = setTimeout(() => request.destroy(), answerMsMax);
  try {
    request.end(JSON.stringify({ host }));
    const [response]: http.IncomingMessage[] = await once(request, "response");
    if (response === undefined) throw new Error("The worker did not answer.");
    const said = await text(response);
    if (response.statusCode !== 200) throw new Error(`The worker answered ${response.statusCode}.`);
    return await decode(said);
  } finally {
    clearTimeout(timer);
  }
};

/**
 * Asks the worker, once at a time for each host, and within a rate; its answer holds for some seconds. `now` in
 * milliseconds.
 */
export const askDecisions = (worker: EgressWorker, now: () => number): Decisions => {
  const kept = new Map<string, { readonly answer: Promise<EgressAnswer>; readonly until: number }>();
  const mayAsk = questionRate(now);
  let epoch = 0;
  const findKept = (host: string): Promise<EgressAnswer> | undefined => {
    const known = kept.get(host);
    return known !== undefined && now() < known.until ? known.answer : undefined;
  };
  const begin = (host: string): Promise<EgressAnswer> => {
    const begunIn = epoch;
    const answer = ask(worker, host).then(
      // The worker may have said it before the change that `forget` was about.
      (said) => (begunIn === epoch ? said : askAlways(host)),
      () => {
        if (kept.get(host)?.answer === answer) kept.delete(host);
        return unanswered;
      },
    );
    kept.delete(host);
    kept.set(host, { answer, until: now() + keptMsMax });
    for (const oldest of kept.keys()) {
      if (kept.size <= keptMax) break;
      kept.delete(oldest);
    }
    return answer;
  };
  const askAlways: AskDecision = (host) => findKept(host) ?? begin(host);
  return {
    ask: (host) => findKept(host) ?? (mayAsk() ? begin(host) : Promise.resolve(tooMany)),
    askAlways,
    forget: () => {
      epoch += 1;
      kept.clear();
    },
  };
};
