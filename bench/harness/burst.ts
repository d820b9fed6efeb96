import { machineNowMs, printDirective } from "./directive.ts";
import { serverSentData } from "./sse.ts";
import { TokenTally } from "./token-tally.ts";

export interface BurstObservation {
  readonly eventsPerSecond: number;
  readonly faults: {
    readonly "lost events": number;
    readonly "duplicated events": number;
    readonly "reordered events": number;
  };
}

/** A chat completion that streams its tokens as fast as they are taken. */
export const burstRequest = (tokens: number): string =>
  JSON.stringify({
    model: "default",
    stream: true,
    tools: [{ type: "function", function: { name: "none", parameters: {} } }],
    messages: [{ role: "user", content: printDirective({ tokens, firstMs: 0, everyMs: 0 }) }],
  });

const textOf = (event: string): string => /"content":"([^"]*)"/.exec(event)?.[1] ?? "";

/** Reads one streamed completion to its end. */
export const readBurst = async (
  door: { readonly url: string; readonly headers: Readonly<Record<string, string>> },
  tokens: number,
): Promise<BurstObservation> => {
  const startedAtMs = machineNowMs();
  const tally = new TokenTally(startedAtMs, 0);
  const response = await fetch(door.url, { method: "POST", headers: door.headers, body: burstRequest(tokens) });
  if (response.ok && response.body !== null) {
    for await (const event of serverSentData(response.body)) tally.take(textOf(event), 0);
  }
  const { lost, duplicated, reordered } = tally.observe(tokens).faults;
  return {
    eventsPerSecond: (tally.size / (machineNowMs() - startedAtMs)) * 1_000,
    faults: { "lost events": lost, "duplicated events": duplicated, "reordered events": reordered },
  };
};
