import type { CloneState } from "@threadbox/contracts/repository";
import { Button } from "@threadbox/ui/button";
import { Notice } from "@threadbox/ui/notice";
import { CircleAlert } from "lucide-react";
import { useState } from "react";
import { useThreadNetwork } from "../network/index.ts";
import { cloneProblemTexts, repositoryTexts as texts } from "./texts.ts";

type Failed = Extract<CloneState, { readonly status: "failed" }>;

interface CloneFailedProps {
  readonly threadId: string;
  readonly state: Failed;
  readonly onChange: () => void;
  readonly onRetry: () => void;
}

const hostOf = (url: string): string => URL.parse(url)?.host ?? url;

interface AllowProps {
  readonly threadId: string;
  readonly host: string;
  readonly onAllowed: () => void;
}

/** The way on where the thread may not reach the host, as far as its owner may open it. */
function Allow({ threadId, host, onAllowed }: AllowProps) {
  const { state, change } = useThreadNetwork(threadId);
  const [isAsking, setIsAsking] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  if (state.kind !== "known") return null;
  if (!state.network.common.canOwnersAdd) return <p className="repository-note">{texts.askAdmin}</p>;
  const allow = async () => {
    setIsAsking(true);
    const said = await change({ allow: host });
    setIsAsking(false);
    setFailure(said);
    if (said === null) onAllowed();
  };
  return (
    <>
      {failure === null ? null : <p role="alert">{failure}</p>}
      <Button tone="accent" disabled={isAsking} onClick={() => void allow()}>
        {texts.allow(host)}
      </Button>
    </>
  );
}

export function CloneFailed({ threadId, state: { url, problem, detail }, onChange, onRetry }: CloneFailedProps) {
  const host = hostOf(url);
  const isBlocked = problem === "blocked";
  return (
    <>
      <Notice tone="bad" role="alert" icon={<CircleAlert />}>
        {cloneProblemTexts[problem](host)}
        {detail === undefined || isBlocked ? null : <span className="repository-detail">{detail}</span>}
      </Notice>
      <div className="repository-actions">
        <Button onClick={onChange}>{texts.change}</Button>
        {isBlocked ? (
          <Allow threadId={threadId} host={host} onAllowed={onRetry} />
        ) : (
          <Button tone="accent" onClick={onRetry}>
            {texts.retry}
          </Button>
        )}
      </div>
    </>
  );
}
