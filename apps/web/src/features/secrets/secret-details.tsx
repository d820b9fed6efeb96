import type { SecretView } from "@threadbox/contracts/secrets";
import { Button } from "@threadbox/ui/button";
import { BlastRadius } from "./blast-radius.tsx";
import { Rollout } from "./rollout.tsx";
import { Holders } from "./secret-holders.tsx";
import { type EndWish, Versions } from "./secret-versions.tsx";
import type { SecretsApi } from "./secrets-api.ts";
import type { Standing } from "./standing.ts";
import { secretCheckTexts as checkTexts, secretTexts as texts } from "./texts.ts";

export type DetailWish =
  | EndWish
  | { readonly version: number; readonly how: "rollBack" }
  | { readonly how: "check" | "hosts" };

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
      <Versions secret={secret} onEnd={onWish} />
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
      <Holders secret={secret} current={standing.current} />
      <BlastRadius secret={secret} api={api} />
    </div>
  );
}
