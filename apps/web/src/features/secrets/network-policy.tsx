import type { CommonPolicy } from "@threadbox/contracts/egress-policy";
import { Button } from "@threadbox/ui/button";
import { Notice } from "@threadbox/ui/notice";
import { Skeleton } from "@threadbox/ui/skeleton";
import { useState } from "react";
import { FailedNotice } from "../../lib/notices.tsx";
import { ChangePolicy } from "./change-policy.tsx";
import { policyTexts as texts } from "./policy-texts.ts";
import { usePolicy } from "./use-policy.ts";

const reachText = ({ mode, hasStandardHosts, hosts }: CommonPolicy): string => {
  if (mode === "open") return texts.open;
  return hasStandardHosts ? texts.standardAndMore(hosts.length) : texts.listed(hosts.length);
};

function Summary({ policy }: { readonly policy: CommonPolicy }) {
  const { mode, hosts, canOwnersAdd } = policy;
  return (
    <dl className="policy-summary">
      <dt>{texts.everyThread}</dt>
      <dd>
        {reachText(policy)}
        {mode === "open" || hosts.length === 0 ? null : <span className="policy-list">{hosts.join(", ")}</span>}
      </dd>
      {mode === "open" ? null : (
        <>
          <dt>{texts.owners}</dt>
          <dd>{canOwnersAdd ? texts.mayAdd : texts.mayNotAdd}</dd>
        </>
      )}
    </dl>
  );
}

/** Which hosts all threads may reach, and the way to change it. */
export function NetworkPolicy() {
  const { state, look, set, isOnline } = usePolicy();
  const [question, setQuestion] = useState({ isOpen: false, count: 0 });
  const ask = () => {
    // Somebody else may have changed it since it was read.
    void look().then(() => setQuestion(({ count }) => ({ isOpen: true, count: count + 1 })));
  };
  return (
    <section aria-labelledby="network-policy" className="mt-8">
      <div className="mb-3 flex flex-wrap items-center gap-x-6 gap-y-2">
        <div className="min-w-0 flex-1 basis-64">
          <h2 id="network-policy" className="font-semibold">
            {texts.title}
          </h2>
          <p className="mt-1 text-ink-muted">{texts.lead}</p>
        </div>
        <Button disabled={state.kind !== "known" || !isOnline} onClick={ask}>
          {texts.change}
        </Button>
      </div>
      {state.kind === "known" ? (
        <>
          <Summary policy={state.view.policy} />
          {state.view.isInForce ? null : (
            <Notice role="status" className="mt-2">
              {texts.late}
            </Notice>
          )}
        </>
      ) : state.kind === "failed" ? (
        <FailedNotice again={{ label: texts.retry, run: () => void look() }}>{texts.unreachable}</FailedNotice>
      ) : (
        <div role="status" aria-label={texts.loading}>
          <Skeleton className="h-16 w-full" radius="lg" />
        </div>
      )}
      {question.count === 0 || state.kind !== "known" ? null : (
        <ChangePolicy
          key={question.count}
          policy={state.view.policy}
          onSet={set}
          isOpen={question.isOpen}
          onClose={() => setQuestion(({ count }) => ({ isOpen: false, count }))}
        />
      )}
    </section>
  );
}
