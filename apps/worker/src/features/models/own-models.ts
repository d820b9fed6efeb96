import type { ThreadId, UserId } from "@threadbox/contracts/ids";
import type { ModelDescription, ModelEffort } from "@threadbox/contracts/model";
import type { ModelKeyId, ModelKeyKind } from "@threadbox/contracts/model-keys";
import { Context, type Effect } from "effect";
import type { WireFailure } from "../../http/failure.ts";

/** A model that one of its user's own keys opens, for one thread. */
export interface OwnModel {
  readonly userId: UserId;
  readonly keyId: ModelKeyId;
  readonly kind: ModelKeyKind;
  readonly address: string | null;
  /** Its id is the name sent upstream. */
  readonly model: ModelDescription;
  /** What its user has chosen, where the model has it. */
  readonly effort: ModelEffort | undefined;
}

/** Which of its user's keys answers a thread. `runtime.ts` supplies it. */
export class OwnModels extends Context.Service<
  OwnModels,
  {
    /** At this moment: of the turn that runs, else of the thread's choice. Fails where there is none, or it was removed. */
    readonly of: (threadId: ThreadId) => Effect.Effect<OwnModel, WireFailure>;
  }
>()("threadbox/worker/models/OwnModels") {}
