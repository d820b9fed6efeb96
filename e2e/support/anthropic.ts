import { once } from "node:events";
import { createServer } from "node:http";
import { FakeAnthropic } from "@threadbox/model-double/anthropic";
import { anthropicPort } from "./addresses.ts";

/** Starts the double of Anthropic's API where the first installation looks for it. */
export const startAnthropic = async (
  ...given: ConstructorParameters<typeof FakeAnthropic>
): Promise<{ readonly anthropic: FakeAnthropic; readonly stop: () => Promise<void> }> => {
  const anthropic = new FakeAnthropic(...given);
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const headers = Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]);
    const request = new Request(`http://anthropic.test${incoming.url}`, {
      method: incoming.method ?? "GET",
      headers,
      ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
    });
    const answer = await anthropic.fetch(request);
    outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
    for await (const piece of answer.body ?? []) {
      if (!outgoing.write(piece)) await once(outgoing, "drain");
    }
    outgoing.end();
  });
  await new Promise<void>((resolve) => server.listen(anthropicPort, "127.0.0.1", resolve));
  return {
    anthropic,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
