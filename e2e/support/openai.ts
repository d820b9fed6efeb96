import { FakeOpenAi } from "../../apps/worker/src/features/logins/openai.testing.ts";
import { openAiPort } from "./addresses.ts";
import { serveDouble } from "./double-server.ts";

/** Starts the double of OpenAI where the first installation looks for it. */
export const startOpenAi = async () => {
  const openAi = new FakeOpenAi();
  return { openAi, ...(await serveDouble(openAi, openAiPort)) };
};
