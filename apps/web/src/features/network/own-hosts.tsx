import type { ChangeThreadNetwork, ThreadNetwork } from "@threadbox/contracts/egress-policy";
import { Button, IconButton } from "@threadbox/ui/button";
import { TextField } from "@threadbox/ui/text-field";
import { X } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { hostProblemTexts, networkTexts as texts } from "./texts.ts";
import { readTypedHost } from "./typed-host.ts";

interface OwnHostsProps {
  readonly network: ThreadNetwork;
  readonly isBusy: boolean;
  /** Resolves to whether it was changed. */
  readonly onChange: (wish: ChangeThreadNetwork) => Promise<boolean>;
}

function AddHost({ isBusy, onChange }: Omit<OwnHostsProps, "network">) {
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const hint = useId();
  const add = async (event: FormEvent) => {
    event.preventDefault();
    const read = readTypedHost(typed);
    if ("problem" in read) {
      setProblem(hostProblemTexts[read.problem]);
      return;
    }
    if (await onChange({ allow: read.rule })) setTyped("");
  };
  return (
    <form className="grid gap-1.5" onSubmit={(event) => void add(event)}>
      <div className="flex items-center gap-2">
        <TextField
          label={texts.host}
          className="min-w-0 flex-1"
          placeholder="api.example.com"
          value={typed}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          inputMode="url"
          aria-invalid={problem !== null}
          aria-describedby={hint}
          onChange={({ target }) => {
            setTyped(target.value);
            setProblem(null);
          }}
        />
        <Button type="submit" tone="accent" disabled={isBusy}>
          {texts.allow}
        </Button>
      </div>
      <p
        id={hint}
        role={problem === null ? undefined : "alert"}
        className={problem === null ? "text-compact text-ink-muted" : "text-bad text-compact"}
      >
        {problem ?? texts.hostHint}
      </p>
    </form>
  );
}

/** The hosts that the owner has allowed, each with the way to take it back, and the way to add one. */
export function OwnHosts({ network: { hosts, common }, isBusy, onChange }: OwnHostsProps) {
  return (
    <section aria-label={texts.own} className="network-part">
      <h3>{texts.own}</h3>
      {common.canOwnersAdd ? null : <p className="text-ink-muted">{texts.closed}</p>}
      {hosts.length === 0 ? (
        <p className="text-ink-muted">{texts.none}</p>
      ) : (
        <ul className="network-hosts">
          {hosts.map((host) => (
            <li key={host}>
              <span className="network-name">{host}</span>
              <IconButton
                label={texts.removeHost(host)}
                icon={<X />}
                size="sm"
                tone="quiet"
                disabled={isBusy}
                onClick={() => void onChange({ remove: host })}
              />
            </li>
          ))}
        </ul>
      )}
      {common.canOwnersAdd ? <AddHost isBusy={isBusy} onChange={onChange} /> : null}
    </section>
  );
}
