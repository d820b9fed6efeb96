import type { CloneState } from "@threadbox/contracts/repository";
import { Notice } from "@threadbox/ui/notice";
import { Check, ShieldAlert } from "lucide-react";
import { repositoryTexts as texts, wouldRunTexts } from "./texts.ts";

interface CloneDoneProps {
  readonly state: Extract<CloneState, { readonly status: "done" }>;
}

/** What was cloned, and what of it is kept from running. */
export function CloneDone({ state: { branch, commit, wouldRun, hasSubmodules } }: CloneDoneProps) {
  return (
    <>
      <Notice tone="good" role="status" icon={<Check />}>
        {texts.cloned(branch, commit)}
      </Notice>
      {wouldRun.length === 0 ? null : (
        <section aria-label={texts.untrusted} className="repository-untrusted">
          <h3>
            <ShieldAlert aria-hidden="true" />
            {texts.untrusted}
          </h3>
          <p>{texts.untrustedLead}</p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: without focus the keyboard could not scroll it */}
          <ul tabIndex={0} aria-label={texts.untrustedLead}>
            {wouldRun.map(({ path, by }) => (
              <li key={path}>
                <code>{path}</code> <span>{wouldRunTexts[by]}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {hasSubmodules ? <p className="repository-note">{texts.submodules}</p> : null}
    </>
  );
}
