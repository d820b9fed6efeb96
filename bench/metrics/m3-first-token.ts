import type { Observation, Subject } from "../harness/blocks.ts";
import { addedRatio, ratio } from "../harness/comparison.ts";
import type { Directive } from "../harness/directive.ts";
import type { Metric, MetricContext, MetricReport } from "../harness/metric.ts";
import { floor, floorAgain, runSeries } from "../harness/series.ts";
import type { AnswerObservation } from "../harness/token-tally.ts";
import { ChatClient } from "../subjects/chat-client.ts";
import { startProgram } from "../subjects/child.ts";
import { type BareOpenCode, spawnOpenCode, waitByLine } from "../subjects/opencode.ts";
import { OpenCodeClient } from "../subjects/opencode-client.ts";
import { type Peer, startPeer } from "../subjects/peer-door.ts";
import { Product } from "../subjects/product.ts";
import { SandboxHostClient } from "../subjects/sandbox-host-client.ts";
import { Tenancy, type Tenant } from "../subjects/tenancy.ts";
import { openThread, type Viewer } from "../subjects/viewer.ts";

const peerName = "hpm+jose";
const providerProgram = new URL("../subjects/provider.ts", import.meta.url).pathname;
const warmUpPrompts = 4;
const warmUp: Directive = { tokens: 40, firstMs: 1, everyMs: 5 };

interface Prompter {
  prompt(directive: Directive): Promise<AnswerObservation>;
}

const warm = async (prompter: Prompter): Promise<void> => {
  for (let prompt = 0; prompt < warmUpPrompts; prompt++) await prompter.prompt(warmUp);
};

/** A bare OpenCode with two clients: one at its door, one behind the peer. */
class Bare implements Tenant {
  readonly name = "bare";
  readonly #providerUrl: string;
  #openCode: BareOpenCode | undefined;
  #peer: Peer | undefined;
  readonly #clients: OpenCodeClient[] = [];

  constructor(providerUrl: string) {
    this.#providerUrl = providerUrl;
  }

  readonly move = {
    in: async () => {
      const openCode = await spawnOpenCode(this.#providerUrl);
      this.#openCode = openCode;
      const { isHealthy } = await waitByLine(openCode);
      if (!isHealthy) throw new Error(`OpenCode does not start:\n${openCode.child.lastWords}`);
      this.#peer = await startPeer(openCode.origin, openCode.authorization);
      for (const { origin, authorization } of [openCode, this.#peer]) {
        const client = await OpenCodeClient.open(origin, authorization, openCode.workspace);
        this.#clients.push(client);
        await warm(client);
      }
    },
    out: async () => {
      for (const client of this.#clients.splice(0)) client.close();
      await this.#peer?.child.stop();
      await this.#openCode?.stop();
    },
  };

  client(at: "direct" | "peer"): Prompter {
    const client = this.#clients[at === "direct" ? 0 : 1];
    if (client === undefined) throw new Error("The bare OpenCode is not running.");
    return client;
  }

  cpuMs(at: "direct" | "peer"): number {
    return (this.#openCode?.child.cpuMs() ?? 0) + (at === "peer" ? (this.#peer?.child.cpuMs() ?? 0) : 0);
  }
}

/** A thread of the product whose sandbox starts with its first prompt. */
class InProduct implements Tenant {
  readonly name = "product";
  readonly #product: Product;
  readonly #viewer: Viewer;
  #client: ChatClient | undefined;

  constructor(product: Product, viewer: Viewer) {
    this.#product = product;
    this.#viewer = viewer;
  }

  readonly move = {
    in: async () => {
      this.#client = await ChatClient.open(this.#product, this.#viewer);
      await warm(this.#client);
    },
    out: async () => {
      this.#client?.close();
      const { addresses, keys } = this.#product;
      const host = new SandboxHostClient(addresses.sandboxHost, keys.sandboxHostToken);
      await host.stopAll();
    },
  };

  client(): Prompter {
    if (this.#client === undefined) throw new Error("The thread is not open.");
    return this.#client;
  }
}

const observed = ({ firstTokenMs, spans, tokenDelaysMs, faults }: AnswerObservation, cpuMs: number): Observation => ({
  samples: {
    firstTokenMs: [firstTokenMs],
    "until the prompt is taken, ms": [spans.takenMs],
    "from there until the provider is asked, ms": [spans.askedMs],
    "from its first token until it is there, ms": [spans.toldMs],
    tokenDelayMs: tokenDelaysMs,
    cpuMs: [cpuMs],
  },
  faults: {
    "lost tokens": faults.lost,
    "duplicated tokens": faults.duplicated,
    "reordered tokens": faults.reordered,
    "merged tokens": faults.merged,
  },
});

const run = async ({ blocks, isQuick, isAlone, say }: MetricContext): Promise<MetricReport> => {
  const directive: Directive = { tokens: isQuick ? 50 : 400, firstMs: 200, everyMs: 20 };
  const provider = await startProgram(providerProgram);
  const providerUrl = `${provider.origin}/v1`;
  const product = await Product.start(providerUrl);
  const tenancy = new Tenancy({ isAlone });
  try {
    const bare = new Bare(providerUrl);
    const inProduct = new InProduct(product, await openThread(product));
    const subject = (name: string, tenant: Tenant, client: () => Prompter, cpuMs: () => number): Subject => ({
      name,
      observe: async () => {
        await tenancy.admit(tenant);
        const before = cpuMs();
        const answer = await client().prompt(directive);
        return observed(answer, cpuMs() - before);
      },
    });
    const direct = (name: string) =>
      subject(
        name,
        bare,
        () => bare.client("direct"),
        () => bare.cpuMs("direct"),
      );
    const series = await runSeries(
      {
        title: `${directive.tokens} tokens, the first after 200 ms, then 50 per second`,
        subjects: [
          direct(floor),
          subject(
            peerName,
            bare,
            () => bare.client("peer"),
            () => bare.cpuMs("peer"),
          ),
          direct(floorAgain),
          subject(
            "product",
            inProduct,
            () => inProduct.client(),
            () => product.cpuMs("worker", "sandbox-host", "convex"),
          ),
        ],
        blocks,
        warmUps: 1,
        checks: ["firstTokenMs", "tokenDelayMs"],
        forgiven: [peerName, floor, floorAgain],
        comparisons: [
          {
            title: "time to first token product / floor",
            measure: "firstTokenMs",
            of: ratio("product", floor),
            target: { max: 1.03 },
          },
          { title: `time to first token ${peerName} / floor`, measure: "firstTokenMs", of: ratio(peerName, floor) },
          {
            title: `added delay per token, p50, product / ${peerName}`,
            measure: "tokenDelayMs",
            of: addedRatio("product", peerName, floor),
            target: { max: 0.7 },
          },
          {
            title: `added delay per token, p99, product / ${peerName}`,
            measure: "tokenDelayMs",
            of: addedRatio("product", peerName, floor, 0.99),
          },
          { title: "delay per token, p50, product / floor", measure: "tokenDelayMs", of: ratio("product", floor) },
          { title: "CPU product / floor", measure: "cpuMs", of: ratio("product", floor) },
        ],
      },
      (done) => say(`block ${done} of ${blocks}`),
    );
    return {
      series: [series],
      counts: [],
      notes: [
        "A token carries the time of its sending, so its delay is from the provider's write to the client's read. OpenCode is in it on every way.",
        "The three spans lie one after the other; with the provider's wait they make up the time to the first token. OpenCode takes a prompt when it answers the call, the product when it says that the turn has begun.",
        "The product's way has the model gateway before OpenCode and the worker's message parts behind it, and hears that somebody writes before the prompt comes, as floor and peer have their event stream open before it; they talk to the provider without a gateway. CPU: OpenCode with all that stands between client and provider.",
        ...(isAlone
          ? ["OpenCode was restarted between floor and product, and warmed up with four prompts each time."]
          : []),
      ],
    };
  } finally {
    await tenancy.clear();
    await product.stop();
  }
};

export const firstToken: Metric = {
  id: "M3",
  title: "Time to the first token, and delay per token",
  workload: "A prompt to a loopback provider, from the client's sending until tokens are there.",
  floor: "the same prompt to a bare OpenCode over its event stream",
  peer: "the same OpenCode behind http-proxy-middleware and jose",
  run,
};
