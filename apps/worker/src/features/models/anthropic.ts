import { keyHeaders } from "../model-keys/index.ts";
import { inAnthropicWords } from "./anthropic-error.ts";
import type { ModelApi } from "./ask-model.ts";
import { MessageGuard } from "./message-guard.ts";

/** Where Anthropic's messages are made with that key. */
export const anthropicMessages = (apiUrl: string, key: string, more: ModelApi["headers"] = {}): ModelApi => ({
  url: `${apiUrl}/messages`,
  key,
  headers: { ...keyHeaders("anthropic", key), ...more },
  guard: () => new MessageGuard(key),
  errorOf: inAnthropicWords,
});
