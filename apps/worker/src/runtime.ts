import type { ThreadId } from "@threadbox/contracts/ids";
import { Effect, Layer, ManagedRuntime } from "effect";
import { configLayer, WorkerConfig } from "./config.ts";
import {
  approvalNewsLayer,
  askingLayer,
  openCodePageLayer,
  programNewsLayer,
  turnsNowLayer,
  waitingTurnsLayer,
} from "./features/chat/index.ts";
import { approvalsLayer, programMachineLayer } from "./features/codemode/index.ts";
import { contributeHandles, EgressInterceptors, policiesLayer, secretProbesLayer } from "./features/egress/index.ts";
import { contributeLogin, Logins, loginInterceptors, loginsLayer } from "./features/logins/index.ts";
import { modelKeyRefused } from "./features/model-keys/index.ts";
import { OwnModels } from "./features/models/index.ts";
import { contributeOpenCode } from "./features/opencode/index.ts";
import {
  providerChoiceLayer,
  providerProbeLayer,
  StartPlan,
  sandboxesLayer,
  sandboxFilesLayer,
  sandboxPointsLayer,
  sandboxProvidersLayer,
} from "./features/sandbox/index.ts";
import { contributeSecrets, secretsStoreLayer, secretVaultLayer } from "./features/secrets/index.ts";
import { workspaceCopiesLayer } from "./features/sync/index.ts";
import { threadAccessLayer, threadTokensLayer } from "./features/threads/index.ts";
import { accessTokensLayer } from "./features/users/index.ts";
import { previewLinksLayer, viewAuthorityLayer } from "./features/views/index.ts";
import { auditTrailLayer } from "./platform/audit.ts";
import { convexClientLayer } from "./platform/convex-client.ts";
import { journalLayer } from "./platform/journal.ts";
import { metricsLayer } from "./platform/metrics/metrics.ts";
import { outboundLayer, publicOutboundLayer, sandboxOutboundLayer } from "./platform/outbound.ts";
import { requestLimitsLayer } from "./platform/request-limits.ts";

/** Who has something to add when a sandbox starts, in the order in which they are asked. */
const startPlanLayer = Layer.effect(
  StartPlan,
  Effect.gen(function* () {
    const { sandboxCredentialKey } = yield* WorkerConfig;
    return {
      common: [contributeOpenCode],
      own: [
        contributeSecrets(sandboxCredentialKey),
        yield* contributeHandles(sandboxCredentialKey),
        contributeLogin(yield* Logins),
      ],
    };
  }),
);

/** Which of its user's keys answers a thread: a user's logins and keys are kept together. */
const ownModelsLayer = Layer.effect(
  OwnModels,
  Effect.map(Logins, (logins) => ({
    of: Effect.fn("ownModelOf")(function* (threadId: ThreadId) {
      const use = yield* logins.keyOf(threadId);
      if (use === null) return yield* modelKeyRefused("otherModel");
      if (use.key === null) return yield* modelKeyRefused("removed");
      const { id: keyId, kind, address } = use.key;
      return { userId: use.userId, keyId, kind, address, model: use.model, effort: use.effort };
    }),
  })),
);

/** Who answers for hosts that programs in sandboxes ask. */
const egressInterceptorsLayer = Layer.effect(EgressInterceptors, loginInterceptors);

/**
 * Everything that the routes and the Durable Objects need, from the worker's bindings: composed here and nowhere else.
 * Building it does no IO, so that a runtime made in one request may serve the next.
 */
export const workerLayer = (env: Env) =>
  Layer.mergeAll(viewAuthorityLayer(env), sandboxFilesLayer, sandboxPointsLayer).pipe(
    Layer.provideMerge(previewLinksLayer(env)),
    Layer.provideMerge(
      Layer.mergeAll(
        accessTokensLayer,
        threadTokensLayer,
        auditTrailLayer(env),
        journalLayer(env),
        programMachineLayer(env),
        approvalsLayer(env),
        approvalNewsLayer(env),
        programNewsLayer(env),
        requestLimitsLayer(env),
        startPlanLayer,
        egressInterceptorsLayer,
        ownModelsLayer,
        policiesLayer(env),
        secretProbesLayer,
        openCodePageLayer(env),
        askingLayer(env),
        waitingTurnsLayer(env),
        turnsNowLayer(env),
      ),
    ),
    Layer.provideMerge(Layer.mergeAll(loginsLayer(env), secretVaultLayer(env), secretsStoreLayer(env))),
    Layer.provideMerge(Layer.mergeAll(sandboxesLayer(env), threadAccessLayer)),
    Layer.provideMerge(providerChoiceLayer),
    Layer.provideMerge(Layer.mergeAll(convexClientLayer, sandboxProvidersLayer(env), providerProbeLayer(env))),
    Layer.provideMerge(
      Layer.mergeAll(
        configLayer(env),
        metricsLayer(env),
        outboundLayer(env),
        publicOutboundLayer(env),
        sandboxOutboundLayer(env),
        workspaceCopiesLayer(env),
      ),
    ),
  );

export const makeWorkerRuntime = (env: Env) => ManagedRuntime.make(workerLayer(env));

export type WorkerServices = ManagedRuntime.ManagedRuntime.Services<ReturnType<typeof makeWorkerRuntime>>;
