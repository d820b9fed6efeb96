import type { SecretHolder, SecretView } from "@threadbox/contracts/secrets";
import { Badge, Dot } from "@threadbox/ui/badge";
import { Ago } from "./ago.tsx";
import { holderText, reachText } from "./standing.ts";
import { secretTexts as texts } from "./texts.ts";

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

interface HoldersProps {
  readonly secret: SecretView;
  /** The version that is handed out; null: none is. */
  readonly current: number | null;
}

/** Everybody who was given a version, last seen first. */
export function Holders({ secret, current }: HoldersProps) {
  return (
    <section aria-label={`${texts.holders}: ${secret.name}`}>
      <h2>{texts.holders}</h2>
      {secret.holders.length === 0 ? <p className="text-ink-muted text-compact">{texts.nobody}</p> : null}
      <ul className="secrets-lines">
        {secret.holders.map((holder) => (
          <HolderLine key={`${holder.kind}:${holder.threadId}`} holder={holder} current={current} />
        ))}
      </ul>
    </section>
  );
}
