import { Agent, request } from "node:http";
import { performance } from "node:perf_hooks";

export interface LoadPlan {
  readonly url: string;
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Requests in all; a load is always bounded. */
  readonly requests: number;
  readonly connections: number;
  /** Length that every answer's body must have. */
  readonly bytes: number;
}

export interface LoadObservation {
  /** From writing the request until the last byte of its answer. */
  readonly latenciesMs: readonly number[];
  readonly wallMs: number;
  readonly faults: { readonly "failed requests": number; readonly "wrong bytes": number };
}

const requestsMax = 50_000;

/** One request over a kept connection; resolves to the length of a 200's body and rejects otherwise. */
const exchange = (plan: LoadPlan, agent: Agent): Promise<number> =>
  new Promise((resolve, reject) => {
    const { url, method, body } = plan;
    const headers = { ...plan.headers, ...(body === undefined ? {} : { "content-length": Buffer.byteLength(body) }) };
    const outgoing = request(url, { method, headers, agent, timeout: 30_000 }, (response) => {
      let length = 0;
      response.on("data", (piece: Buffer) => {
        length += piece.length;
      });
      response.once("error", reject);
      response.once("end", () =>
        response.statusCode === 200 ? resolve(length) : reject(new Error(`status ${response.statusCode}`)),
      );
    });
    outgoing.once("timeout", () => outgoing.destroy(new Error("timeout")));
    outgoing.once("error", reject);
    outgoing.end(body);
  });

/** Asks again and again over a number of connections, each of them one request after the other. */
export const load = async (plan: LoadPlan): Promise<LoadObservation> => {
  if (plan.requests > requestsMax) throw new Error(`A load of ${plan.requests} requests is more than ${requestsMax}.`);
  const agent = new Agent({ keepAlive: true, maxSockets: plan.connections });
  const latenciesMs: number[] = [];
  const faults = { "failed requests": 0, "wrong bytes": 0 };
  let left = plan.requests;
  const lane = async () => {
    while (left > 0) {
      left--;
      const startedAt = performance.now();
      try {
        const length = await exchange(plan, agent);
        latenciesMs.push(performance.now() - startedAt);
        if (length !== plan.bytes) faults["wrong bytes"]++;
      } catch {
        faults["failed requests"]++;
      }
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: plan.connections }, lane));
  const wallMs = performance.now() - startedAt;
  agent.destroy();
  return { latenciesMs, wallMs, faults };
};
