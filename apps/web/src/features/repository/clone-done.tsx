import type { CloneState } from "@threadbox/contracts/repository";
import { Notice } from "@threadbox/ui/notice";
import { Check } from "lucide-react";
import { TrustSection } from "../trust/index.ts";
import { repositoryTexts as texts } from "./texts.ts";

interface CloneDoneProps {
  readonly threadId: string;
  readonly state: Extract<CloneState, { readonly status: "done" }>;
}

/** What was cloned, and what of it waits for the person's trust. */
export function CloneDone({ threadId, state: { branch, commit, wouldRun, hasSubmodules } }: CloneDoneProps) {
  return (
    <>
      <Notice tone="good" role="status" icon={<Check />}>
        {texts.cloned(branch, commit)}
      </Notice>
      {wouldRun.length === 0 ? null : <TrustSection threadId={threadId} known={{ isTrusted: false, wouldRun }} />}
      {hasSubmodules ? <p className="repository-note">{texts.submodules}</p> : null}
    </>
  );
}
