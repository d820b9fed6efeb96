import type { WorkspaceTrust } from "@threadbox/contracts/repository";
import { Button } from "@threadbox/ui/button";
import { LoaderCircle, ShieldAlert, ShieldCheck } from "lucide-react";
import { FailedNotice } from "../../lib/notices.tsx";
import { useOnline } from "../../lib/use-online.ts";
import { visibleText } from "../text/index.ts";
import "./trust.css";
import { trustTexts as texts, wouldRunTexts } from "./texts.ts";
import { useTrust } from "./use-trust.ts";

interface TrustSectionProps {
  readonly threadId: string;
  /** What has been heard of it already; null: it is asked for. */
  readonly known?: WorkspaceTrust | null;
}

function WhatItHolds({ trust: { isTrusted, wouldRun } }: { readonly trust: WorkspaceTrust }) {
  // Trust is OpenCode's and the agent's: what others would run, nobody runs by itself either way.
  const shown = isTrusted ? wouldRun.filter(({ by }) => by === "opencode" || by === "agent") : wouldRun;
  if (shown.length === 0) return <p>{isTrusted ? texts.nothingUsed : texts.nothingKept}</p>;
  const lead = isTrusted ? texts.trustedLead : texts.untrustedLead;
  return (
    <>
      <p>{lead}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: without focus the keyboard could not scroll it */}
      <ul tabIndex={0} aria-label={lead}>
        {shown.map(({ path, by }) => (
          <li key={path}>
            <code>{visibleText(path)}</code> <span>{wouldRunTexts[by]}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** What a workspace brings that OpenCode and the agent would take at its word, and whether they do. */
export function TrustSection({ threadId, known = null }: TrustSectionProps) {
  const { trust, isChanging, failure, look, change } = useTrust(threadId, known);
  const isOnline = useOnline();
  if (trust === null)
    return failure === null ? (
      <p role="status" className="workspace-trust-note">
        {texts.looking}
      </p>
    ) : (
      <FailedNotice again={{ label: texts.retry, run: look }}>{failure}</FailedNotice>
    );
  const { isTrusted } = trust;
  const title = isTrusted ? texts.trusted : texts.untrusted;
  return (
    <section aria-label={title} className="workspace-trust" data-trusted={isTrusted}>
      <h3>
        {isTrusted ? <ShieldCheck aria-hidden="true" /> : <ShieldAlert aria-hidden="true" />}
        {title}
      </h3>
      <WhatItHolds trust={trust} />
      <div className="workspace-trust-choice">
        {isChanging ? <p role="status">{texts.changing}</p> : <p>{isTrusted ? texts.distrustNote : texts.trustNote}</p>}
        <Button size="sm" disabled={isChanging || !isOnline} onClick={() => change(!isTrusted)}>
          {isChanging ? <LoaderCircle className="animate-turn" /> : null}
          {isTrusted ? texts.distrust : texts.trust}
        </Button>
      </div>
      {failure === null ? null : <FailedNotice>{failure}</FailedNotice>}
    </section>
  );
}
