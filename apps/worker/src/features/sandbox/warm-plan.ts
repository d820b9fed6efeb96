import type { WarmPlan } from "@threadbox/contracts/sandbox-host";
import { Effect } from "effect";
import { newSecretText } from "../../platform/ids.ts";
import { requireHost } from "./host-door.ts";
import { SandboxProviders } from "./provider.ts";
import { planCommon, StartPlan } from "./start-plan.ts";

const credentialBytes = 32;

/** What the sandbox host starts sandboxes with that are nobody's yet. The credential in it opens nothing. */
export const tellWarmPlan = Effect.fn("tellWarmPlan")(function* (request: Request) {
  yield* requireHost(request);
  const { egressBaseUrl } = (yield* SandboxProviders).of("local");
  const credential = newSecretText(credentialBytes);
  const plan = yield* planCommon(yield* StartPlan, { egressBaseUrl, credential, trustsWorkspace: false });
  return Response.json({ ...plan, credential } satisfies WarmPlan);
});
