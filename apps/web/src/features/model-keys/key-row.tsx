import { modelKeyLimits } from "@threadbox/contracts/model-key-limits";
import type { ModelKeyView } from "@threadbox/contracts/model-keys";
import { Badge } from "@threadbox/ui/badge";
import { Button } from "@threadbox/ui/button";
import { useState } from "react";
import { AskingButton } from "../../lib/asking-button.tsx";
import { FailedNotice } from "../../lib/notices.tsx";
import type { WireFailure } from "../errors/index.ts";
import { OwnName } from "../threads/index.ts";
import { failureText } from "./failure-text.ts";
import type { Act } from "./model-keys-api.ts";
import { modelKeyTexts as texts } from "./texts.ts";

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });

interface KeyRowProps {
  readonly modelKey: ModelKeyView;
  readonly isOnline: boolean;
  readonly act: Act;
  readonly onReplace: () => void;
  readonly onRemove: () => void;
}

/** One key: what it opens, and what a person can do with it. Nothing of the key itself is known here. */
export function KeyRow({ modelKey, isOnline, act, onReplace, onRemove }: KeyRowProps) {
  const { id, kind, name, address, models, lastUsedAt, tested, ended } = modelKey;
  const [isNaming, setIsNaming] = useState(false);
  const [test, setTest] = useState<"none" | "asking" | "done">("none");
  const [failure, setFailure] = useState<WireFailure | null>(null);
  const ask = async () => {
    setTest("asking");
    setFailure(await act((api) => api.test(id)));
    setTest("done");
  };
  const use = lastUsedAt === null ? texts.notUsed : `${texts.used} ${day.format(lastUsedAt)}`;
  const words = failure === null ? tested.problem : failureText(failure);
  return (
    <li className="px-4 py-4">
      <div className="flex flex-wrap items-start gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-52">
          <OwnName
            name={name}
            label={texts.renameField}
            lengthMax={modelKeyLimits.nameLengthMax}
            verb={texts.rename(name)}
            isDisabled={!isOnline}
            isNaming={isNaming}
            onNaming={setIsNaming}
            onRename={async (chosen) => setFailure(await act((api) => api.rename(id, chosen)))}
          >
            <bdi className="min-w-0 break-words font-medium">{name}</bdi>
            {ended === null ? null : <Badge tone="bad">{texts.revoked}</Badge>}
            {tested.problem === null || ended !== null ? null : <Badge tone="bad">{texts.refused}</Badge>}
          </OwnName>
          <div className="break-words text-compact text-ink-muted">
            {address === null ? texts.kinds[kind] : address} · {texts.modelCount(models.length)} · {use}
          </div>
          {ended === null ? null : (
            <p className="break-words text-bad text-compact">{texts.ended(day.format(ended.at), ended.reason)}</p>
          )}
          <p role="status" className="text-compact text-ink-muted empty:hidden">
            {test === "done" && words === null ? texts.taken(models.length) : null}
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          <AskingButton
            tone="quiet"
            isAsking={test === "asking"}
            disabled={!isOnline || ended !== null}
            onClick={() => void ask()}
          >
            {texts.test}
          </AskingButton>
          <Button tone="quiet" disabled={!isOnline} onClick={onReplace}>
            {texts.replace}
          </Button>
          <Button disabled={!isOnline} onClick={onRemove}>
            {texts.remove}
          </Button>
        </div>
      </div>
      {words === null ? null : <FailedNotice className="mt-3">{words}</FailedNotice>}
    </li>
  );
}
