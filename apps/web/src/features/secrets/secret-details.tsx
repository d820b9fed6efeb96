import type { SecretHolder, SecretVersionView, SecretView } from "@threadbox/contracts/secrets";
import { Badge, Dot, type Tone } from "@threadbox/ui/badge";
import { Button } from "@threadbox/ui/button";
import { Ago } from "./ago.tsx";
import { BlastRadius } from "./blast-radius.tsx";
import { Rollout } from "./rollout.tsx";
import type { SecretsApi } from "./secrets-api.ts";
import { holderText, reachText, type Standing, shortId } from "./standing.ts";
import { blastRadiusTexts, secretCheckTexts as checkTexts, secretTexts as texts } from "./texts.ts";

export const stateTones: Readonly<Record<Standing["state"], Tone>> = {
  checking: "warn",
  active: "good",
  overlap: "warn",
  revoked: "bad",
  destroyed: "neutral",
  expired: "bad",
};

export type EndWish = { readonly version: number; readonly how: "revoke" | "destroy" };
export type DetailWish =
  | EndWish
  | { readonly version: number; readonly how: "rollBack" }
  | { readonly how: "check" | "hosts" };

interface VersionLineProps {
  readonly version: SecretVersionView;
  readonly onEnd: (wish: EndWish) => void;
}

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });

function VersionLine({ version, onEnd }: VersionLineProps) {
  const { version: number, state, createdAt, createdBy, reason, overlapUntil, expiresAt, fingerprint } = version;
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
      {state === "revoked" ? (
        <Button size="xs" onClick={() => onEnd({ version: number, how: "destroy" })}>
          {texts.destroy}
        </Button>
      ) : null}
      <span className="secrets-by">
        <Ago at={createdAt} /> by {shortId(createdBy)} — {reason}
        {version.checked === null ? null : ` · ${version.checked}`}
        {expiresAt === null || !isOpen ? null : ` · ${texts.expires} ${day.format(expiresAt)}`}
      </span>
    </li>
  );
}

function HolderLine({ holder, current }: { readonly holder: SecretHolder; readonly current: number | null }) {
  const isCurrent = holder.version === current;
  const tone = isCurrent ? "good" : holder.reach === "failed" ? "bad" : "warn";
  return (
    <li>
      <Dot tone={tone} />
      <span>{holderText(holder)}</span>
      <Badge tone={tone}>{`v${holder.version}`}</Badge>
      <span className="secrets-by">
        {reachText(holder, isCurrent)} <Ago at={holder.at} />
      </span>
    </li>
  );
}

interface SecretDetailsProps {
  readonly secret: SecretView;
  readonly standing: Standing;
  readonly api: SecretsApi;
  readonly onWish: (wish: DetailWish) => void;
}

/** What a new value must pass before anybody is given it. */
function Check({ secret, onWish }: Pick<SecretDetailsProps, "secret" | "onWish">) {
  const { probe, hosts } = secret;
  return (
    <div className="secrets-check">
      <p className="text-ink-muted">
        {probe === null
          ? hosts.length === 0
            ? texts.noHosts
            : texts.noCheck
          : checkTexts.summary(probe.method, probe.url, probe.expectedStatus)}
      </p>
      {hosts.length === 0 ? null : (
        <Button size="xs" onClick={() => onWish({ how: "check" })}>
          {probe === null ? texts.addCheck : texts.changeCheck}
        </Button>
      )}
    </div>
  );
}

/** Every version of a secret, and everybody who was given one. */
export function SecretDetails({ secret, standing, api, onWish }: SecretDetailsProps) {
  return (
    <div className="secrets-columns">
      <section aria-label={`${texts.versions} of ${secret.name}`}>
        <h2>{texts.versions}</h2>
        <ul className="secrets-lines">
          {secret.versions.map((version) => (
            <VersionLine key={version.version} version={version} onEnd={onWish} />
          ))}
        </ul>
      </section>
      <section aria-label={`${texts.rollout}: ${secret.name}`}>
        <h2>{texts.rollout}</h2>
        <Rollout
          standing={standing}
          onEnd={(version) => onWish({ version, how: "revoke" })}
          onRollBack={(version) => onWish({ version, how: "rollBack" })}
        />
        <h2 className="mt-3">{texts.hosts}</h2>
        <div className="secrets-check">
          <p className="break-words text-ink-muted">
            {secret.hosts.length === 0 ? texts.unbound : `${texts.boundTo} ${secret.hosts.join(", ")}`}
          </p>
          <Button size="xs" onClick={() => onWish({ how: "hosts" })}>
            {texts.changeHosts}
          </Button>
        </div>
        <h2 className="mt-3">{texts.check}</h2>
        <Check secret={secret} onWish={onWish} />
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
      <section aria-label={`${blastRadiusTexts.title}: ${secret.name}`}>
        <h2>{blastRadiusTexts.title}</h2>
        <BlastRadius secret={secret} api={api} />
      </section>
    </div>
  );
}
