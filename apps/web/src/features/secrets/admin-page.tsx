import { Link } from "@tanstack/react-router";
import { Button, buttonLook } from "@threadbox/ui/button";
import { Notice } from "@threadbox/ui/notice";
import { Skeleton } from "@threadbox/ui/skeleton";
import { CircleAlert, Plus, WifiOff } from "lucide-react";
import { useRef, useState } from "react";
import { useLoginSession } from "../auth/index.ts";
import { AddSecret } from "./add-secret.tsx";
import { failureText } from "./failure-text.ts";
import { NetworkPolicy } from "./network-policy.tsx";
import { RunningSandboxes } from "./running-sandboxes.tsx";
import { SecretsAudit } from "./secrets-audit.tsx";
import "./secrets.css";
import { SecretsTable } from "./secrets-table.tsx";
import { secretTexts as texts } from "./texts.ts";
import { useSecrets } from "./use-secrets.ts";
import { UsersSecrets } from "./users-secrets.tsx";

function NotAllowed() {
  return (
    <div className="m-auto max-w-sm px-6 pb-24">
      <div aria-hidden="true" className="mb-4 h-px w-12 bg-accent" />
      <h1 className="font-semibold text-xl tracking-tight">{texts.notAllowed}</h1>
      <p className="mt-2 text-ink-muted">{texts.notAllowedHint}</p>
      <div className="mt-6">
        <Link to="/" className={buttonLook({ tone: "plain" })}>
          {texts.home}
        </Link>
      </div>
    </div>
  );
}

function Secrets() {
  const { state, api, look, isOnline } = useSecrets();
  const [isAdding, setAdding] = useState(false);
  const [additions, setAdditions] = useState(0);
  const scroller = useRef<HTMLDivElement>(null);
  const add = () => {
    setAdditions((count) => count + 1);
    setAdding(true);
  };
  if (state.kind === "failed" && state.failure.tag === "Forbidden") return <NotAllowed />;
  const failure = state.kind === "loading" ? null : state.failure;
  return (
    <div ref={scroller} className="relative min-h-0 flex-1 overflow-y-auto">
      <div className="secrets-page mx-auto w-full px-4 py-10 sm:px-6">
        <div className="mb-6 flex flex-wrap items-center gap-x-6 gap-y-3">
          <div className="min-w-0 flex-1 basis-64">
            <h1 className="font-semibold text-xl tracking-tight">{texts.title}</h1>
            <p className="mt-1 text-ink-muted">{texts.lead}</p>
          </div>
          <Button tone="accent" disabled={state.kind !== "known" || !isOnline} onClick={add}>
            <Plus /> {texts.add}
          </Button>
        </div>
        <div className="secrets-problems">
          {isOnline ? null : (
            <Notice tone="warn" role="status" icon={<WifiOff />} className="mb-4">
              {texts.offline}
            </Notice>
          )}
          {failure === null || !isOnline ? null : (
            <Notice
              tone="bad"
              role="alert"
              icon={<CircleAlert />}
              className="mb-4"
              actions={
                <Button size="sm" onClick={() => void look()}>
                  {texts.retry}
                </Button>
              }
            >
              {failure.tag === "UpstreamTimeout" ? texts.unreachable : failureText(failure)}
            </Notice>
          )}
        </div>
        {state.kind === "loading" ? (
          <div role="status" aria-label={texts.loading} className="space-y-3">
            <Skeleton className="h-10 w-full" radius="lg" />
            <Skeleton className="h-10 w-full" radius="lg" />
            <Skeleton className="h-10 w-full" radius="lg" />
          </div>
        ) : null}
        {state.kind === "known" && state.secrets.length === 0 ? (
          <div className="rounded-lg border bg-raised px-4 py-4">
            <div className="font-medium">{texts.empty}</div>
            <p className="mt-1 text-ink-muted">{texts.emptyHint}</p>
          </div>
        ) : null}
        {state.kind === "known" && state.secrets.length > 0 ? (
          <SecretsTable
            secrets={state.secrets}
            namedHosts={state.namedHosts}
            scroller={scroller}
            api={api}
            onDone={look}
          />
        ) : null}
        {state.kind === "known" ? <UsersSecrets api={api} scroller={scroller} news={state.secrets} /> : null}
        {state.kind === "known" ? <RunningSandboxes /> : null}
        {state.kind === "known" ? <NetworkPolicy /> : null}
        {state.kind === "known" ? <SecretsAudit api={api} scroller={scroller} news={state.secrets} /> : null}
      </div>
      {additions === 0 ? null : (
        <AddSecret
          key={additions}
          api={api}
          namedHosts={state.kind === "known" ? state.namedHosts : []}
          onDone={look}
          isOpen={isAdding}
          onClose={() => setAdding(false)}
        />
      )}
    </div>
  );
}

/** Secrets, for admins. Whoever is none learns nothing but that. */
export function AdminPage() {
  const { user } = useLoginSession();
  return user?.isAdmin === true ? <Secrets /> : <NotAllowed />;
}
