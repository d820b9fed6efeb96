import type { CloneState } from "@threadbox/contracts/repository";
import { Progress } from "@threadbox/ui/progress";
import { stepTexts, repositoryTexts as texts } from "./texts.ts";

interface CloneProgressProps {
  /** Null while the thread's computer starts. */
  readonly state: Extract<CloneState, { readonly status: "running" }> | null;
}

/** What is being done, and how far it is where git says so. */
export function CloneProgress({ state }: CloneProgressProps) {
  const step = state === null ? texts.starting : stepTexts[state.step];
  return (
    <div className="repository-progress">
      <p>
        <span role="status">{step}</span>
        <span className="repository-received">{state?.received ?? ""}</span>
      </p>
      <Progress label={step} value={state?.percent} max={100} />
      <p className="repository-note">{texts.goesOn}</p>
    </div>
  );
}
