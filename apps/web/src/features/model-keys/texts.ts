import { modelKeyLimits } from "@threadbox/contracts/model-key-limits";
import type { ModelKeyKind } from "@threadbox/contracts/model-keys";

/** The words of the user's own keys. */
export const modelKeyTexts = {
  lead: "Use your own OpenAI, Anthropic or OpenAI-compatible key. Only your threads use it; pick its models beside the message box.",
  list: "Your keys",
  add: "Add a key",
  full: `You have ${modelKeyLimits.keysMax} keys, the most there can be. Remove one to add another.`,
  addTitle: "Add a model key",
  addText: "It’s tested with the provider, stored encrypted, and never shown again.",
  kind: "Provider",
  kinds: { openai: "OpenAI", anthropic: "Anthropic", compatible: "OpenAI-compatible" } satisfies Record<
    ModelKeyKind,
    string
  >,
  name: "Name",
  nameHint: "What you call it, such as “Work”.",
  value: "Key",
  valueHint: "Paste it here. Once it’s saved, nobody can read it again.",
  address: "Address",
  addressHint: "The base URL of its API, such as https://api.example.com/v1.",
  models: "Models",
  modelsHint: "Leave empty for every model the provider lists, or name some, separated by commas.",
  testAndAdd: "Test and add",
  testing: "Testing…",
  cancel: "Cancel",
  test: "Test",
  taken: (models: number) => `The provider accepts this key: ${modelsText(models)}.`,
  refused: "Failed its test",
  revoked: "Revoked",
  ended: (on: string, reason: string) => `Replace it to use its models again. An admin revoked it on ${on}: ${reason}`,
  replace: "Replace",
  replaceTitle: (name: string) => `Replace the key of ${name}`,
  replaceText:
    "The new key is tested first. It’s used from then on, also by a turn that’s running; the old one is deleted here.",
  testAndReplace: "Test and replace",
  remove: "Remove",
  removeTitle: (name: string) => `Remove ${name}?`,
  removeText:
    "Threads can’t use it from their next request on, and a turn that’s using it ends. Threads on one of its models ask you to choose another. To end the key itself, delete it at the provider too.",
  rename: (name: string) => `Rename ${name}`,
  renameField: "Name of the key",
  modelCount: modelsText,
  used: "Last used",
  notUsed: "Not used yet",
  loading: "Loading your keys…",
  unknown: "Can’t reach Threadbox, so your keys aren’t known yet.",
  retry: "Retry",
  offline: "You’re offline. Keys can be changed when you’re back online.",
  reference: (reference: string) => `Reference ${reference}.`,
  failures: {
    unreachable: "Can’t reach Threadbox.",
    tooMany: "Too many attempts. Try again in a minute.",
    gone: "That key isn’t there any more.",
    revoked: "That key was revoked. Remove it and add it again.",
    signedOut: "Couldn’t confirm your sign-in. Reload the page.",
    other: "Something went wrong on our side.",
  },
} as const;

function modelsText(count: number): string {
  return count === 1 ? "1 model" : `${count} models`;
}
