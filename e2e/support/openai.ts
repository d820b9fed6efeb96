import { createServer } from "node:http";
import { FakeOpenAi } from "../../apps/worker/src/features/logins/openai.testing.ts";
import { openAiPort } from "./addresses.ts";

/** Starts the double of OpenAI where the first installation looks for it. */
export const startOpenAi = async (): Promise<{ readonly openAi: FakeOpenAi; readonly stop: () => Promise<void> }> => {
  const openAi = new FakeOpenAi();
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const headers = Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]);
    const request = new Request(`http://openai.test${incoming.url}`, {
      method: incoming.method ?? "GET",
      headers,
      ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
    });
    const answer = await openAi.fetch(request);
    outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
    outgoing.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(openAiPort, "127.0.0.1", resolve));
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { openAi, stop };
};
