import { once } from "node:events";
import type * as http from "node:http";
import { type EgressTally, egressApi, egressTalliesMax } from "@threadbox/contracts/egress";
import { type EgressDenyCause, egressDenyCauses } from "@threadbox/contracts/journal";
import type { Logger } from "pino";
import type { EgressWorker } from "./worker.ts";

/** Counts what becomes of a sandbox's connections, and tells the worker. */
export interface TallyEgress {
  /** `host` null: the connection named none. */
  readonly note: (host: string | null, verdict: EgressTally["verdict"], cause?: EgressDenyCause) => void;
  /** Tells the rest. */
  readonly close: () => Promise<void>;
}

/** The page shows within two seconds what happened here. */
const tellAfterMs = 1_000;
const answerMsMax = 5_000;
/** Beyond it hosts are counted together, for each verdict and cause: there is room for all of them. */
const hostsMax = egressTalliesMax - 2 - egressDenyCauses.length;

const add = (tallies: Map<string, EgressTally>, tally: EgressTally): void => {
  const { verdict, cause, count, firstAt, lastAt } = tally;
  const keyOf = (host: string | null) => `${verdict} ${cause ?? ""} ${host ?? ""}`;
  const isNamed = tallies.has(keyOf(tally.host)) || tallies.size < hostsMax;
  const host = isNamed ? tally.host : null;
  const known = tallies.get(keyOf(host));
  tallies.set(keyOf(host), {
    host,
    verdict,
    ...(cause === undefined ? {} : { cause }),
    count: (known?.count ?? 0) + count,
    firstAt: Math.min(known?.firstAt ?? firstAt, firstAt),
    lastAt: Math.max(known?.lastAt ?? lastAt, lastAt),
  });
};

const tell = async (worker: EgressWorker, tallies: readonly EgressTally[]): Promise<void> => {
  const request = worker.request("POST", egressApi.tallyPath, { "content-type": "application/json" });
  request.on("error", () => {});
  const timer = setTimeout(() => request.destroy(), answerMsMax);
  try {
    request.end(JSON.stringify({ tallies }));
    const [response]: http.IncomingMessage[] = await once(request, "response");
    response?.resume();
    if (response?.statusCode !== 204) throw new Error(`The worker answered ${response?.statusCode}.`);
  } finally {
    clearTimeout(timer);
  }
};

/** `now` in milliseconds since 1970. What can't be told is lost: no sandbox waits for it, and nothing grows by it. */
export const tallyEgress = (worker: EgressWorker, now: () => number, log: Logger): TallyEgress => {
  let tallies = new Map<string, EgressTally>();
  let timer: NodeJS.Timeout | null = null;
  const tellAll = async (): Promise<void> => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (tallies.size === 0) return;
    const told = [...tallies.values()];
    tallies = new Map();
    await tell(worker, told).catch((error: unknown) => {
      log.info(
        { event: "egress.tally_lost", err: error, tallies: told.length },
        "the worker took no tally of requests",
      );
    });
  };
  return {
    note: (host, verdict, cause) => {
      const at = now();
      add(tallies, { host, verdict, ...(cause === undefined ? {} : { cause }), count: 1, firstAt: at, lastAt: at });
      timer ??= setTimeout(() => void tellAll(), tellAfterMs);
    },
    close: tellAll,
  };
};

export const noTally: TallyEgress = { note: () => {}, close: async () => {} };
