import type { SecretHolder, SecretVersionView, SecretView } from "@threadbox/contracts/secrets";
import { Badge, Dot, type Tone } from "@threadbox/ui/badge";
import { Button } from "@threadbox/ui/button";
import { Ago } from "./ago.tsx";
import { Rollout } from "./rollout.tsx";
import { holderText, type Standing, shortId } from "./standing.ts";
import { secretTexts as texts } from "./texts.ts";

export const stateTones: Readonly<Record<Standing["state"], Tone>> = {
  active: "good",
  overlap: "warn",
  revoked: "bad",
  destroyed: "neutral",
  expired: "bad",
};

export type EndWish = { readonly version: number; readonly how: "revoke" | "destroy" };

interface VersionLineProps {
  readonly version: SecretVersionView;
  readonly onEnd: (wish: EndWish) => void;
}

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });

function VersionLine({ version, onEnd }: VersionLineProps) {
  const { version: number, state, createdAt, createdBy, reason, overlapUntil, expiresAt, fingerprint } = version;
  const until = overlapUntil === null ? "" : ` until ${clock.format(overlapUntil)}`;
  const isOpen = state === "active" || state === "overlap";
  return (
    <li>
      <strong className="tabular">{`v${number}`}</strong>
      <Badge tone={stateTones[state]}>{`${texts.states[state]}${until}`}</Badge>
      <code title="Fingerprint">{`…${fingerprint}`}</code>
      {isOpen ? (
        <Button size="xs" onClick={() => onEnd({ version: number, how: "revoke" })}>
          {texts.revoke}
        </Button>
      ) : null}
      {state === "revoked" ? (
        <Button size="xs" onClick={() => onEnd({ version: number, how: "destroy" })}>
          {texts.destroy}
        </Button>
      ) : null}
      <span className="secrets-by">
        <Ago at={createdAt} /> by {shortId(createdBy)} — {reason}
        {expiresAt === null || !isOpen ? null : ` · ${texts.expires} ${day.format(expiresAt)}`}
      </span>
    </li>
  );
}

function HolderLine({ holder, current }: { readonly holder: SecretHolder; readonly current: number | null }) {
  const isCurrent = holder.version === current;
  return (
    <li>
      <Dot tone={isCurrent ? "good" : "warn"} />
      <span>{holderText(holder)}</span>
      <Badge tone={isCurrent ? "good" : "warn"}>{`v${holder.version}`}</Badge>
      <span className="secrets-by">
        <Ago at={holder.at} />
      </span>
    </li>
  );
}

interface SecretDetailsProps {
  readonly secret: SecretView;
  readonly standing: Standing;
  readonly onEnd: (wish: EndWish) => void;
}

/** Every version of a secret, and everybody who was given one. */
export function SecretDetails({ secret, standing, onEnd }: SecretDetailsProps) {
  return (
    <div className="secrets-columns">
      <section aria-label={`${texts.versions} of ${secret.name}`}>
        <h2>{texts.versions}</h2>
        <ul className="secrets-lines">
          {secret.versions.map((version) => (
            <VersionLine key={version.version} version={version} onEnd={onEnd} />
          ))}
        </ul>
      </section>
      <section aria-label={`${texts.rollout}: ${secret.name}`}>
        <h2>{texts.rollout}</h2>
        <Rollout standing={standing} onEnd={(version) => onEnd({ version, how: "revoke" })} />
        {secret.hosts.length === 0 ? null : (
          <p className="mt-2 break-words text-compact text-ink-muted">
            {texts.boundTo} {secret.hosts.join(", ")}
          </p>
        )}
      </section>
      <section aria-label={`${texts.holders}: ${secret.name}`}>
        <h2>{texts.holders}</h2>
        {secret.holders.length === 0 ? <p className="text-ink-muted text-compact">{texts.nobody}</p> : null}
        <ul className="secrets-lines">
          {secret.holders.map((holder) => (
            <HolderLine key={`${holder.kind}:${holder.threadId}`} holder={holder} current={standing.current} />
          ))}
        </ul>
      </section>
    </div>
  );
}
