import { Redacted } from "effect";
import type { ModelConfig } from "../../config.ts";
import { AnswerGuard } from "./answer-guard.ts";
import { askModel } from "./ask-model.ts";
import { callIdsIn } from "./call-ids.ts";
import type { AskedCompletion } from "./call-provider.ts";
import { eventsOfCompletion } from "./plain-completion.ts";
import { picturesIfAllowed } from "./without-pictures.ts";

/** Sends a chat completion to a provider with its key. */
export const askUpstream = (model: ModelConfig, asked: AskedCompletion, left: AbortSignal, fetcher: typeof fetch) => {
  const key = model.apiKey === null ? null : Redacted.value(model.apiKey);
  return askModel(
    {
      url: `${model.baseUrl}/chat/completions`,
      key,
      headers: key === null ? {} : { authorization: `Bearer ${key}` },
      guard: () => new AnswerGuard(key, () => callIdsIn(asked.text)),
      errorOf: (body) => body,
      eventsOf: eventsOfCompletion,
    },
    asked,
    left,
    picturesIfAllowed(fetcher),
  );
};
