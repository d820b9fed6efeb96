import type { CloneRepository } from "@threadbox/contracts/repository";
import { isBranchName, readRepositoryUrl } from "@threadbox/contracts/repository-url";
import { Button } from "@threadbox/ui/button";
import { TextField } from "@threadbox/ui/text-field";
import { type FormEvent, useId, useState } from "react";
import { FailedNotice, OfflineNotice } from "../../lib/notices.tsx";
import { useOnline } from "../../lib/use-online.ts";
import { repositoryTexts as texts, urlProblemTexts } from "./texts.ts";

interface CloneFormProps {
  /** What was asked before. */
  readonly initial: CloneRepository | null;
  readonly failure: string | null;
  readonly onCancel: () => void;
  readonly onClone: (order: CloneRepository) => void;
}

/** Asks for the repository, and says at once what is wrong with an address. */
export function CloneForm({ initial, failure, onCancel, onClone }: CloneFormProps) {
  const isOnline = useOnline();
  const [url, setUrl] = useState(initial?.url ?? "");
  const [branch, setBranch] = useState(initial?.branch ?? "");
  const [isShallow, setIsShallow] = useState(initial?.isShallow ?? true);
  const [problem, setProblem] = useState<string | null>(null);
  const [branchProblem, setBranchProblem] = useState<string | null>(null);
  const [hint, branchHint] = [useId(), useId()];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const read = readRepositoryUrl(url);
    const named = branch.trim();
    const isBranchWrong = named !== "" && !isBranchName(named);
    setProblem("problem" in read ? urlProblemTexts[read.problem] : null);
    setBranchProblem(isBranchWrong ? texts.branchWrong : null);
    if ("problem" in read || isBranchWrong) return;
    onClone({ url: read.url, isShallow, ...(named === "" ? {} : { branch: named }) });
  };
  const plain = { autoComplete: "off", autoCapitalize: "none", spellCheck: false } as const;
  return (
    <form className="repository-form" onSubmit={submit}>
      <div>
        <TextField
          label={texts.address}
          placeholder="https://github.com/owner/name"
          value={url}
          inputMode="url"
          aria-invalid={problem !== null}
          aria-describedby={hint}
          onChange={({ target }) => {
            setUrl(target.value);
            setProblem(null);
          }}
          {...plain}
        />
        <p id={hint} role={problem === null ? undefined : "alert"} data-problem={problem !== null}>
          {problem ?? texts.addressHint}
        </p>
      </div>
      <div>
        <TextField
          label={texts.branch}
          placeholder={texts.branchHint}
          value={branch}
          aria-invalid={branchProblem !== null}
          aria-describedby={branchHint}
          onChange={({ target }) => {
            setBranch(target.value);
            setBranchProblem(null);
          }}
          {...plain}
        />
        <p id={branchHint} role={branchProblem === null ? undefined : "alert"} data-problem={branchProblem !== null}>
          {branchProblem ?? texts.branch}
        </p>
      </div>
      <label>
        <input type="checkbox" checked={isShallow} onChange={({ target }) => setIsShallow(target.checked)} />
        {texts.shallow}
      </label>
      {failure === null ? null : <FailedNotice>{failure}</FailedNotice>}
      {isOnline ? null : <OfflineNotice>{texts.offline}</OfflineNotice>}
      <div className="repository-actions">
        <Button onClick={onCancel}>{texts.cancel}</Button>
        <Button type="submit" tone="accent" disabled={!isOnline}>
          {texts.clone}
        </Button>
      </div>
    </form>
  );
}
