import type { ThreadNetwork } from "@threadbox/contracts/egress-policy";
import { networkTexts as texts } from "./texts.ts";

type CommonHostsProps = Pick<ThreadNetwork, "common" | "standardHosts">;

/** What every thread may reach, in words; which registries those are can be looked up. */
export function CommonHosts({ common: { mode, hasStandardHosts, hosts }, standardHosts }: CommonHostsProps) {
  if (mode === "open") return <p className="network-common">{texts.everyHost}</p>;
  if (!hasStandardHosts && hosts.length === 0) return <p className="network-common">{texts.nothing}</p>;
  return (
    <div className="network-common">
      <p>{texts.everyThreadMay}</p>
      {hasStandardHosts ? (
        <details>
          <summary>{texts.standard(standardHosts.length)}</summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: without focus the keyboard could not scroll it */}
          <ul tabIndex={0} aria-label={texts.standard(standardHosts.length)}>
            {standardHosts.map((host) => (
              <li key={host}>{host}</li>
            ))}
          </ul>
        </details>
      ) : null}
      {hosts.length === 0 ? null : <p className="network-name">{hosts.join(", ")}</p>}
    </div>
  );
}
