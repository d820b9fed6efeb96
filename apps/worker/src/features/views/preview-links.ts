import { ThreadId, type UserId } from "@threadbox/contracts/ids";
import {
  type MadePreviewLink,
  type MakePreviewLink,
  type PreviewLink,
  previewLinkSeconds,
  previewPage,
} from "@threadbox/contracts/preview-links";
import { Clock, Context, Effect, Layer } from "effect";
import { WorkerConfig } from "../../config.ts";
import type { RefusedError } from "../../http/failure.ts";
import { newSecretText } from "../../platform/ids.ts";
import { LinksFullError, linkRefused, ViewsOffError, ViewsUnknownError } from "./errors.ts";
import { Fresh } from "./fresh.ts";
import { userViewsRef } from "./refs.ts";
import { lazyViewKeys, sealLink, unsealLink } from "./seals.ts";

/** The thread and user of whoever makes or revokes. */
interface Owner {
  readonly threadId: ThreadId;
  readonly userId: UserId;
}

/** What a link that is good leads to. */
export interface LinkTarget extends Owner {
  readonly id: string;
  readonly port: number;
  readonly expiresAt: number;
}

export interface PreviewLinksShape {
  make(
    owner: Owner,
    wish: MakePreviewLink,
  ): Effect.Effect<MadePreviewLink, LinksFullError | ViewsOffError | ViewsUnknownError>;
  list(owner: Owner): Effect.Effect<readonly PreviewLink[], ViewsUnknownError>;
  /** The port of the link that this has revoked; null for one that was not there. */
  revoke(owner: Owner, id: string): Effect.Effect<number | null, ViewsUnknownError>;
  /** What a visitor's seal leads to. */
  read(seal: string): Effect.Effect<LinkTarget, RefusedError | ViewsUnknownError>;
  /** Whether it is neither revoked nor over. */
  isGood(userId: UserId, id: string): Effect.Effect<boolean, ViewsUnknownError>;
}

/** Links to what a sandbox serves; its owner's `UserViews` keeps them. */
export class PreviewLinks extends Context.Service<PreviewLinks, PreviewLinksShape>()(
  "threadbox/worker/views/PreviewLinks",
) {}

/** A page of many requests asks once a second. */
const [goodMs, knownMax] = [1_000, 2_000];
const idBytes = 16;

export const previewLinksLayer = (env: Pick<Env, "USER_VIEWS">): Layer.Layer<PreviewLinks, never, WorkerConfig> =>
  Layer.effect(
    PreviewLinks,
    Effect.gen(function* () {
      const { sandboxCredentialKey, viewBaseOrigin } = yield* WorkerConfig;
      const keys = lazyViewKeys(sandboxCredentialKey);
      const good = new Fresh<boolean>(goodMs, knownMax);
      const ask = <A>(userId: UserId, call: (views: ReturnType<typeof userViewsRef>) => Promise<A>) =>
        Effect.tryPromise({ try: () => call(userViewsRef(env, userId)), catch: () => new ViewsUnknownError() });

      return {
        make: Effect.fn("PreviewLinks.make")(function* ({ threadId, userId }, { port, lifetime }) {
          if (viewBaseOrigin === null) return yield* new ViewsOffError();
          const madeAt = yield* Clock.currentTimeMillis;
          const expiresAt = madeAt + previewLinkSeconds[lifetime] * 1000;
          const link: PreviewLink = { id: newSecretText(idBytes), port, madeAt, expiresAt };
          if (!(yield* ask(userId, (views) => views.addLink(threadId, link)))) return yield* new LinksFullError();
          const seal = yield* sealLink(yield* keys, { id: link.id, userId, expiresAt });
          return { link, url: `${viewBaseOrigin}${previewPage.path}#${seal}` };
        }),
        list: Effect.fn("PreviewLinks.list")(function* ({ threadId, userId }) {
          const now = yield* Clock.currentTimeMillis;
          return yield* ask(userId, (views) => views.links(threadId, now));
        }),
        revoke: Effect.fn("PreviewLinks.revoke")(function* ({ threadId, userId }, id) {
          const port = yield* ask(userId, (views) => views.revokeLink(threadId, id));
          if (port !== null) good.note(id, false, yield* Clock.currentTimeMillis);
          return port;
        }),
        read: Effect.fn("PreviewLinks.read")(function* (seal) {
          const now = yield* Clock.currentTimeMillis;
          const { id, userId, expiresAt } = yield* Effect.mapError(unsealLink(yield* keys, seal, now), () =>
            linkRefused("SignedUrlInvalid"),
          );
          const found = yield* ask(userId, (views) => views.findLink(id, now));
          if (found === null) return yield* linkRefused("SignedUrlInvalid");
          return { id, userId, expiresAt, threadId: ThreadId.make(found.threadId), port: found.port };
        }),
        isGood: Effect.fnUntraced(function* (userId, id) {
          const now = yield* Clock.currentTimeMillis;
          const known = good.find(id, now);
          if (known !== undefined) return known;
          const isGood = (yield* ask(userId, (views) => views.findLink(id, now))) !== null;
          good.note(id, isGood, now);
          return isGood;
        }),
      };
    }),
  );
