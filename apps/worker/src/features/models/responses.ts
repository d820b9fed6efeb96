import { keyHeaders } from "../model-keys/index.ts";
import type { ModelApi } from "./ask-model.ts";
import { readText } from "./call-provider.ts";
import { ResponseGuard } from "./response-guard.ts";
import { withoutSummary } from "./responses-request.ts";

/** Where OpenAI's responses are made with that key. */
export const openAiResponses = (apiUrl: string, key: string): ModelApi => ({
  url: `${apiUrl}/responses`,
  key,
  headers: keyHeaders("openai", key),
  guard: () => new ResponseGuard(key),
  errorOf: (body) => body,
});

/** An organization that OpenAI hasn't verified may have its models think, but is refused a summary of it: it is asked without. */
export const summaryIfAllowed =
  (fetcher: typeof fetch): typeof fetch =>
  async (url, init) => {
    const first = await fetcher(url, init);
    if (first.status !== 400) return first;
    const { status, headers } = first;
    const text = await readText(first.body);
    if (!text.includes('"reasoning.summary"') || typeof init?.body !== "string")
      return new Response(text, { status, headers });
    return fetcher(url, { ...init, body: withoutSummary(init.body) });
  };
