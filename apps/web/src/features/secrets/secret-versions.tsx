import type { SecretVersionView, SecretView } from "@threadbox/contracts/secrets";
import { Badge, type Tone } from "@threadbox/ui/badge";
import { Button } from "@threadbox/ui/button";
import { Ago } from "./ago.tsx";
import { type Standing, shortId } from "./standing.ts";
import { secretTexts as texts } from "./texts.ts";

export const stateTones: Readonly<Record<Standing["state"], Tone>> = {
  checking: "warn",
  active: "good",
  overlap: "warn",
  revoked: "bad",
  destroyed: "neutral",
  expired: "bad",
};

export type EndWish = { readonly version: number; readonly how: "revoke" | "destroy" };

interface VersionsProps {
  readonly secret: SecretView;
  /** False: it's another's, of whom an admin can end a value and nothing else. */
  readonly canDestroy?: boolean;
  readonly onEnd: (wish: EndWish) => void;
}

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });

function VersionLine({ version, canDestroy, onEnd }: Omit<VersionsProps, "secret"> & { version: SecretVersionView }) {
  const { version: number, state, createdAt, createdBy, reason, overlapUntil, expiresAt, fingerprint, ended } = version;
  const until = overlapUntil === null ? "" : texts.until(clock.format(overlapUntil));
  const isOpen = state === "active" || state === "overlap";
  return (
    <li>
      <strong className="tabular">{`v${number}`}</strong>
      <Badge tone={stateTones[state]}>{`${texts.states[state]}${until}`}</Badge>
      <code title={texts.fingerprint}>{`…${fingerprint}`}</code>
      {isOpen ? (
        <Button size="xs" onClick={() => onEnd({ version: number, how: "revoke" })}>
          {texts.revoke}
        </Button>
      ) : null}
      {state === "revoked" && canDestroy === true ? (
        <Button size="xs" onClick={() => onEnd({ version: number, how: "destroy" })}>
          {texts.destroy}
        </Button>
      ) : null}
      <span className="secrets-by">
        <Ago at={createdAt} /> by {shortId(createdBy)} — {reason}
        {version.checked === null ? null : ` · ${version.checked}`}
        {expiresAt === null || !isOpen ? null : ` · ${texts.expires} ${day.format(expiresAt)}`}
      </span>
      {ended === null ? null : (
        <span className="secrets-by">
          {texts.revokedAt} <Ago at={ended.at} /> by {shortId(ended.by)} — {ended.reason}
        </span>
      )}
    </li>
  );
}

/** Every version of a secret, newest first. */
export function Versions({ secret, canDestroy = true, onEnd }: VersionsProps) {
  return (
    <section aria-label={`${texts.versions} of ${secret.name}`}>
      <h2>{texts.versions}</h2>
      <ul className="secrets-lines">
        {secret.versions.map((version) => (
          <VersionLine key={version.version} version={version} canDestroy={canDestroy} onEnd={onEnd} />
        ))}
      </ul>
    </section>
  );
}
