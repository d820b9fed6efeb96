import type { SecretExposures, SecretView } from "@threadbox/contracts/secrets";
import { Badge } from "@threadbox/ui/badge";
import { Button } from "@threadbox/ui/button";
import { Skeleton } from "@threadbox/ui/skeleton";
import { useEffect, useState } from "react";
import { Ago } from "./ago.tsx";
import { doingText, exposuresCsv, wayText } from "./exposures.ts";
import { keepFile } from "./keep-file.ts";
import type { SecretsApi } from "./secrets-api.ts";
import { shortId } from "./standing.ts";
import { blastRadiusTexts as texts } from "./texts.ts";

const shownMax = 50;

interface BlastRadiusProps {
  readonly secret: SecretView;
  readonly api: SecretsApi;
}

/** Where a secret has gone, with its heading. */
export function BlastRadius(props: BlastRadiusProps) {
  return (
    <section aria-label={`${texts.title}: ${props.secret.name}`}>
      <h2>{texts.title}</h2>
      <Ways {...props} />
    </section>
  );
}

/** Where a secret has gone since it was there: what somebody who has it could have reached, and from when on. */
function Ways({ secret, api }: BlastRadiusProps) {
  const [found, setFound] = useState<SecretExposures | "failed" | null>(null);
  const [asked, setAsked] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever is new of the secret, and who asks again, is why
  useEffect(() => {
    let isGone = false;
    api.exposures(secret.id).then(
      (exposures) => (isGone ? undefined : setFound(exposures)),
      () => (isGone ? undefined : setFound((known) => known ?? "failed")),
    );
    return () => {
      isGone = true;
    };
  }, [api, secret, asked]);
  if (found === null) return <Skeleton className="h-10 w-full" radius="lg" />;
  if (found === "failed")
    return (
      <p role="alert" className="text-compact text-ink-muted">
        {texts.failed}{" "}
        <Button size="xs" onClick={() => setAsked(asked + 1)}>
          {texts.retry}
        </Button>
      </p>
    );
  const { exposures, isCut } = found;
  if (exposures.length === 0) return <p className="text-compact text-ink-muted">{texts.none}</p>;
  const threads = new Set(exposures.map(({ threadId }) => threadId)).size;
  const hosts = new Set(exposures.flatMap(({ host }) => host ?? [])).size;
  const left = exposures.length - shownMax;
  return (
    <>
      <div className="secrets-radius-head">
        <p className="text-compact text-ink-muted">{texts.summary(threads, hosts, isCut)}</p>
        <Button size="xs" onClick={() => keepFile(`blast-radius-${secret.name}`, "csv", exposuresCsv(exposures))}>
          {texts.exportCsv}
        </Button>
      </div>
      <ul className="secrets-lines">
        {exposures.slice(0, shownMax).map((exposure) => (
          <li key={JSON.stringify(exposure)}>
            <span>{`${wayText(exposure)}, ${texts.thread} ${shortId(exposure.threadId)}`}</span>
            <Badge>{`v${exposure.version}`}</Badge>
            <span className="secrets-by">
              {texts.since} <Ago at={exposure.firstAt} /> · {texts.last} <Ago at={exposure.lastAt} />
            </span>
            {exposure.uses.map((use) => (
              <span key={`${use.messageId} ${use.callId}`} className="secrets-use">
                {doingText(use)} · <Ago at={use.lastAt} />
              </span>
            ))}
          </li>
        ))}
      </ul>
      {left > 0 ? <p className="mt-2 text-compact text-ink-muted">{texts.more(left)}</p> : null}
    </>
  );
}
