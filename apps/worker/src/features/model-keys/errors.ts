import type { ErrorTag } from "@threadbox/contracts/errors";
import { modelKeyLimits } from "@threadbox/contracts/model-key-limits";
import { Schema } from "effect";

const refusals = {
  notFound: ["NotFound", "There is no such key."],
  full: ["QuotaExceeded", `You can have ${modelKeyLimits.keysMax} keys. Remove one to add another.`],
  noAddress: ["ValidationError", "An OpenAI-compatible key needs the address of its API."],
  fixedAddress: ["ValidationError", "Only an OpenAI-compatible key has an address of its own."],
  address: ["UrlBlocked", "That isn't an address. It looks like https://api.example.com/v1."],
  scheme: ["UrlBlocked", "The address must begin with https://."],
  host: ["UrlBlocked", "The address must name a public host, without a port."],
  more: ["UrlBlocked", "The address can't have a user, a query or a fragment."],
  policy: ["UrlBlocked", "An admin has closed that host. Only an admin can open it."],
  notForHeaders: ["ValidationError", "That isn't a key: it has spaces or other marks in it."],
  // Not `SecretRevoked`: whoever reads that is sent to an admin.
  removed: [
    "ValidationError",
    "The key of this model was removed. Choose another model, or add the key again in Settings.",
  ],
  ended: [
    "ValidationError",
    "An admin has revoked the key of this model. Replace it in Settings, or choose another model.",
  ],
  otherModel: ["Forbidden", "This thread isn't answered by a key of its user's."],
} as const satisfies Record<string, readonly [ErrorTag, string]>;

export type ModelKeyRefusal = keyof typeof refusals;

/** Why something can't be done with a user's own key. `words`: what its provider said of it, never with the key in it. */
export class ModelKeyRefusedError extends Schema.TaggedError<ModelKeyRefusedError>()("ModelKeyRefusedError", {
  refusal: Schema.Union([Schema.Literals(Object.keys(refusals) as ModelKeyRefusal[]), Schema.Literal("untaken")]),
  words: Schema.optionalKey(Schema.String),
}) {
  get wireTag(): ErrorTag {
    return this.refusal === "untaken" ? "ValidationError" : refusals[this.refusal][0];
  }
  override get message() {
    return this.refusal === "untaken" ? (this.words ?? "The provider didn't take the key.") : refusals[this.refusal][1];
  }
}

export const modelKeyRefused = (refusal: ModelKeyRefusal) => new ModelKeyRefusedError({ refusal });

/** The provider doesn't take it; `words` say so. */
export const untakenKey = (words: string) => new ModelKeyRefusedError({ refusal: "untaken", words });
