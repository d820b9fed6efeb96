import { steps, text } from "@threadbox/model-double/answer";
import { FakeAnthropic } from "@threadbox/model-double/anthropic";
import { chunk, done } from "@threadbox/model-double/chunks";
import { FakeResponses } from "@threadbox/model-double/responses";

/** Of keys that providers take; what follows in the key is the test's own. */
export const goodKey = "sk-good-";

const takes = (request: Request): boolean =>
  (request.headers.get("authorization") ?? "").startsWith(`Bearer ${goodKey}`);
const wrongKey = () => Response.json({ error: { message: "Incorrect API key provided." } }, { status: 401 });
const list = (...ids: readonly string[]) => Response.json({ object: "list", data: ids.map((id) => ({ id })) });

/** Answers with the key's last letters and the body's own names, so that a test sees which key and model arrived. */
const complete = async (request: Request): Promise<Response> => {
  const body = (await request.json()) as Record<string, unknown>;
  const words = JSON.stringify({ key: request.headers.get("authorization")?.slice(-6), ...body, messages: undefined });
  if (body.stream !== true) return Response.json({ choices: [{ message: { content: words }, finish_reason: "stop" }] });
  const events = [chunk({ role: "assistant", content: words }, null, String(body.model)), chunk({}, "stop"), done];
  return new Response(events.join(""), { headers: { "content-type": "text/event-stream" } });
};

type Answering = (request: Request) => Promise<Response>;

/** Lists to everybody, so that only an answer proves the key. */
const openListing: Answering = async (request) => {
  if (new URL(request.url).pathname === "/v1/models") return list("open-1");
  return takes(request) ? complete(request) : wrongKey();
};

const compatible: Answering = async (request) => {
  if (!takes(request)) return wrongKey();
  return new URL(request.url).pathname === "/v1/models" ? list("own-1", "own-2") : complete(request);
};

/** The providers that users have keys at, by the hosts where the tests' configuration looks for them. */
export class KeyedProviders {
  readonly #anthropic = new FakeAnthropic([], ({ model, ...asked }) => {
    const { max_tokens, thinking, output_config } = asked;
    return steps(text(`Claude answers as ${model}.`), text(JSON.stringify({ max_tokens, thinking, output_config })));
  });

  readonly #openAi: FakeResponses = new FakeResponses([], ({ model, ...asked }) => {
    const { key } = this.#openAi.seen.at(-1) ?? { key: "" };
    const { effort = "any" } = ("reasoning" in asked ? asked.reasoning : {}) as { effort?: string };
    return steps(text(`${model} answers with ${key.slice(-6)}. Effort: ${effort}.`));
  });

  constructor() {
    this.#openAi.models = ["gpt-6-sol", "text-embedding-4", "o5-mini", "gpt-6-audio"];
  }

  find({ hostname }: URL): Answering | null {
    const answering: Readonly<Record<string, Answering>> = {
      "openai-api.test": (request) => {
        if (takes(request)) this.#openAi.keys.add((request.headers.get("authorization") ?? "").slice("Bearer ".length));
        return this.#openAi.fetch(request);
      },
      "anthropic-api.test": (request) => {
        const key = request.headers.get("x-api-key") ?? "";
        if (key.startsWith(goodKey)) this.#anthropic.keys.add(key);
        return this.#anthropic.fetch(request);
      },
      "models.example.com": compatible,
      "open.example.com": openListing,
      "ollama.internal": compatible,
      "moved.example.com": async () => new Response(null, { status: 302, headers: { location: "http://10.0.0.1/" } }),
    };
    return answering[hostname] ?? null;
  }
}
