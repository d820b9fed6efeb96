import type { Generation, ThreadId, UserId } from "@threadbox/contracts/ids";
import { type ViewTarget, viewOrigin } from "@threadbox/contracts/views";
import { Clock, Context, Effect, Layer } from "effect";
import { Base64Url } from "effect/encoding";
import { WorkerConfig } from "../../config.ts";
import type { RefusedError } from "../../http/failure.ts";
import { type SandboxClient, type SandboxError, Sandboxes } from "../sandbox/index.ts";
import { ThreadAccess } from "../threads/index.ts";
import { refused, ViewsUnknownError } from "./errors.ts";
import { Fresh } from "./fresh.ts";
import { isOurLabel, labelOf } from "./label.ts";
import { PreviewLinks } from "./preview-links.ts";
import { userViewsRef } from "./refs.ts";
import { lazyViewKeys, sealGrant, unsealGrant, type ViewGrant } from "./seals.ts";

/** What a ticket is made of. */
export interface ViewWish {
  readonly threadId: ThreadId;
  readonly userId: UserId;
  readonly target: ViewTarget;
  readonly generation: Generation;
  /** Where on its origin the view begins. */
  readonly path: string;
  /** The preview link by which a visitor comes; their view ends with the link, not with the user's others. */
  readonly linkId?: string;
}

export interface ViewAuthorityShape {
  /** Whether this label is one that we make; asks nobody. */
  isOurs(label: string): Effect.Effect<boolean>;
  /** A ticket, good once and for `viewOrigin.ticketSeconds`, and the label of the origin it is for. */
  issue(wish: ViewWish): Effect.Effect<{ readonly ticket: string; readonly label: string }, ViewsUnknownError>;
  /** Takes the ticket and gives what its origin's cookie holds. */
  redeem(
    ticket: string,
    label: string,
  ): Effect.Effect<{ readonly session: string; readonly path: string }, RefusedError | ViewsUnknownError>;
  /** What the cookie of that origin grants, where its user, thread and sandbox still let it. */
  admit(
    session: string | null,
    label: string,
  ): Effect.Effect<Admission, RefusedError | ViewsUnknownError | SandboxError>;
  /** What somebody may do who has proved it by another way than a ticket. */
  grant(wish: ViewWish): Effect.Effect<ViewGrant, ViewsUnknownError>;
  /**
   * Whether a stream that was admitted may go on: its user, thread and sandbox are looked at, not the hour of the cookie it
   * came with. While somebody cannot be asked, it may.
   */
  maintains(grant: ViewGrant): Effect.Effect<boolean>;
  /** Ends every view of that user. */
  end(userId: UserId): Effect.Effect<void, ViewsUnknownError>;
}

export interface Admission {
  readonly grant: ViewGrant;
  readonly sandbox: SandboxClient;
}

export class ViewAuthority extends Context.Service<ViewAuthority, ViewAuthorityShape>()(
  "threadbox/worker/views/ViewAuthority",
) {}

/** Each is believed for so long; with the time between two looks they stay below `viewOrigin.revokedSecondsMax`. */
const [rightMs, sandboxMs, knownMax] = [1_000, 1_000, 2_000];

export const viewAuthorityLayer = (
  env: Pick<Env, "USER_VIEWS">,
): Layer.Layer<ViewAuthority, never, WorkerConfig | Sandboxes | ThreadAccess | PreviewLinks> =>
  Layer.effect(
    ViewAuthority,
    Effect.gen(function* () {
      const { sandboxCredentialKey } = yield* WorkerConfig;
      const sandboxes = yield* Sandboxes;
      const access = yield* ThreadAccess;
      const links = yield* PreviewLinks;
      const epochs = new Fresh<number>(rightMs, knownMax);
      const rights = new Fresh<boolean>(rightMs, knownMax);
      const attached = new Fresh<SandboxClient>(sandboxMs, knownMax);

      const keys = lazyViewKeys(sandboxCredentialKey);

      const ask = <A>(call: () => Promise<A>) => Effect.tryPromise({ try: call, catch: () => new ViewsUnknownError() });

      const epochOf = Effect.fnUntraced(function* (userId: UserId) {
        const now = yield* Clock.currentTimeMillis;
        const known = epochs.find(userId, now);
        if (known !== undefined) return known;
        const epoch = yield* ask(() => userViewsRef(env, userId).epoch());
        epochs.note(userId, epoch, now);
        return epoch;
      });

      /** Whether what the view came from still stands: the user's epoch, or the link. */
      const isOpenStill = Effect.fnUntraced(function* ({ userId, epoch, linkId }: ViewGrant) {
        if (linkId !== undefined) return yield* links.isGood(userId, linkId);
        return (yield* epochOf(userId)) === epoch;
      });

      const isGranted = Effect.fnUntraced(function* ({ threadId, userId, target }: ViewGrant) {
        const now = yield* Clock.currentTimeMillis;
        const asked = target === "opencode" ? "mayOpenOpenCode" : "isGranted";
        const key = `${asked} ${threadId} ${userId}`;
        const known = rights.find(key, now);
        if (known !== undefined) return known;
        const answer = yield* access[asked](threadId, userId);
        // Who is let in again comes back at once.
        if (answer) rights.note(key, answer, now);
        return answer;
      });

      const attach = Effect.fnUntraced(function* ({ threadId, generation }: ViewGrant) {
        const now = yield* Clock.currentTimeMillis;
        const key = `${threadId} ${generation}`;
        const known = attached.find(key, now);
        if (known !== undefined) return known;
        const sandbox = yield* sandboxes.attach(threadId, generation);
        attached.note(key, sandbox, now);
        return sandbox;
      });

      const unseal = Effect.fnUntraced(function* (kind: "ticket" | "session", text: string, label: string) {
        const now = yield* Clock.currentTimeMillis;
        const grant = yield* Effect.mapError(unsealGrant(yield* keys, kind, text, now), () => refused("TokenInvalid"));
        return grant.label === label ? grant : yield* refused("TokenInvalid");
      });

      const grant = Effect.fnUntraced(function* (wish: ViewWish) {
        const now = yield* Clock.currentTimeMillis;
        const epoch = wish.linkId === undefined ? yield* ask(() => userViewsRef(env, wish.userId).epoch()) : 0;
        const label = yield* labelOf((yield* keys).label, { ...wish, epoch });
        const id = Base64Url.encode(crypto.getRandomValues(new Uint8Array(32)));
        return { ...wish, epoch, label, id, expiresAt: now + viewOrigin.ticketSeconds * 1000 } satisfies ViewGrant;
      });

      return {
        grant,
        isOurs: Effect.fnUntraced(function* (label) {
          return yield* isOurLabel((yield* keys).label, label);
        }),
        issue: Effect.fn("ViewAuthority.issue")(function* (wish) {
          const granted = yield* grant(wish);
          return { ticket: yield* sealGrant(yield* keys, "ticket", granted), label: granted.label };
        }),
        redeem: Effect.fn("ViewAuthority.redeem")(function* (ticket, label) {
          const grant = yield* unseal("ticket", ticket, label);
          const now = yield* Clock.currentTimeMillis;
          const { id, userId, linkId } = grant;
          const epoch = linkId === undefined ? grant.epoch : null;
          if (linkId !== undefined && !(yield* links.isGood(userId, linkId))) return yield* refused("TokenInvalid");
          const isTaken = yield* ask(() => userViewsRef(env, userId).redeem({ id, epoch }, now));
          if (!isTaken) return yield* refused("TokenInvalid");
          const expiresAt = now + viewOrigin.sessionSeconds * 1000;
          return { session: yield* sealGrant(yield* keys, "session", { ...grant, expiresAt }), path: grant.path };
        }),
        admit: Effect.fn("ViewAuthority.admit")(function* (session, label) {
          if (session === null) return yield* refused("TokenMissing");
          const grant = yield* unseal("session", session, label);
          if (!(yield* isOpenStill(grant))) return yield* refused("TokenInvalid");
          const mayUse = yield* isGranted(grant).pipe(
            Effect.catchTag("AccessUnknownError", () => Effect.succeed(true)),
          );
          if (!mayUse) return yield* refused("TokenInvalid");
          const sandbox = yield* Effect.catchTag(attach(grant), "SandboxInterruptedError", () =>
            Effect.fail(refused("SandboxInterrupted")),
          );
          return { grant, sandbox };
        }),
        maintains: (grant) =>
          Effect.gen(function* () {
            if (!(yield* isOpenStill(grant))) return false;
            if (!(yield* isGranted(grant))) return false;
            yield* attach(grant);
            return true;
          }).pipe(Effect.catch(({ _tag }) => Effect.succeed(_tag !== "SandboxInterruptedError"))),
        end: Effect.fn("ViewAuthority.end")(function* (userId) {
          yield* ask(() => userViewsRef(env, userId).end());
          epochs.note(userId, yield* ask(() => userViewsRef(env, userId).epoch()), yield* Clock.currentTimeMillis);
        }),
      };
    }),
  );
