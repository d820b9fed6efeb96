import type { ErrorTag } from "@threadbox/contracts/errors";
import { loginLimits } from "@threadbox/contracts/logins";
import { modelKeyLimits } from "@threadbox/contracts/model-key-limits";
import { Schema } from "effect";

const refusals = {
  notFound: ["NotFound", "There is no such login."],
  noModel: ["ValidationError", "This workspace doesn't have that model."],
  noKey: ["NotFound", "There is no such key."],
  noKeyModel: ["ValidationError", "That key doesn't have that model."],
  fullOfKeys: ["QuotaExceeded", `You can have ${modelKeyLimits.keysMax} keys. Remove one to add another.`],
  noThread: ["NotFound", "There is no such thread."],
  noFlow: ["Forbidden", "Nobody is connecting ChatGPT from here. Start it in Settings."],
  full: ["QuotaExceeded", `You can have ${loginLimits.loginsMax} logins.`],
  tooMany: ["RateLimited", `You can ask for ${loginLimits.startsPerHourMax} codes in an hour. Try again later.`],
  handleRefused: ["TokenInvalid", "This sandbox isn't connected to ChatGPT any more."],
  reauth: [
    "ReauthRequired",
    "ChatGPT signed you out. Connect it again in Settings; your thread is safe, and goes on then.",
  ],
  broken: ["ReauthRequired", "This login can't be opened any more. Connect ChatGPT again in Settings."],
  methodRefused: ["ValidationError", "Only the method with a device code can be used here."],
  notOffered: ["UpstreamError", "OpenCode doesn't offer to connect ChatGPT with a code."],
  refusedByOpenCode: ["UpstreamError", "OpenCode couldn't get a code from OpenAI."],
  ended: ["CodeExpired", "This code has ended. Get a new one."],
  malformed: ["UpstreamError", "OpenAI's answer can't be understood."],
  openAiUnreachable: ["UpstreamError", "Can't reach OpenAI right now."],
  timeout: ["UpstreamTimeout", "Nobody approved the code in time."],
  notForSandboxes: ["Forbidden", "Programs in a sandbox can't use this address of OpenAI's."],
  unreachable: ["StoreUnavailable", "Can't reach your logins right now."],
} as const satisfies Record<string, readonly [ErrorTag, string]>;

export type LoginRefusal = keyof typeof refusals;

/** Why something can't be done with a login. Holds nothing of a credential. */
export class LoginRefusedError extends Schema.TaggedError<LoginRefusedError>()("LoginRefusedError", {
  refusal: Schema.Literals(Object.keys(refusals) as LoginRefusal[]),
}) {
  get wireTag(): ErrorTag {
    return refusals[this.refusal][0];
  }
  override get message() {
    return refusals[this.refusal][1];
  }
}

export const loginRefused = (refusal: LoginRefusal) => new LoginRefusedError({ refusal });

/** How the Durable Object answers: refusals as plain values, because an exception loses its class on the way. */
export type LoginOutcome<A> =
  | { readonly isOk: true; readonly value: A }
  | { readonly isOk: false; readonly refusal: LoginRefusal };

export const loginOutcome = async <A>(work: () => A | Promise<A>): Promise<LoginOutcome<A>> => {
  try {
    return { isOk: true, value: await work() };
  } catch (error) {
    if (error instanceof LoginRefusedError) return { isOk: false, refusal: error.refusal };
    throw error;
  }
};
