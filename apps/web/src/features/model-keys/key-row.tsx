import { modelKeyLimits } from "@threadbox/contracts/model-key-limits";
import type { ModelKeyView } from "@threadbox/contracts/model-keys";
import { Badge } from "@threadbox/ui/badge";
import { Button, IconButton } from "@threadbox/ui/button";
import { Pencil } from "lucide-react";
import { useRef, useState } from "react";
import { AskingButton } from "../../lib/asking-button.tsx";
import { FailedNotice } from "../../lib/notices.tsx";
import type { WireFailure } from "../errors/index.ts";
import { RenameField } from "../threads/index.ts";
import { failureText } from "./failure-text.ts";
import { modelKeyTexts as texts } from "./texts.ts";
import type { Act } from "./use-model-keys.ts";

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
  const { id, kind, name, address, models, lastUsedAt, tested } = modelKey;
  const [isNaming, setIsNaming] = useState(false);
  const [test, setTest] = useState<"none" | "asking" | "done">("none");
  const [failure, setFailure] = useState<WireFailure | null>(null);
  const pencil = useRef<HTMLButtonElement>(null);
  const ask = async () => {
    setTest("asking");
    setFailure(await act((api) => api.test(id)));
    setTest("done");
  };
  const rename = async (chosen: string | null) => {
    setIsNaming(false);
    // The field is gone with this; whoever used the keys goes on where they began.
    requestAnimationFrame(() => pencil.current?.focus());
    if (chosen !== null) setFailure(await act((api) => api.rename(id, chosen)));
  };
  const use = lastUsedAt === null ? texts.notUsed : `${texts.used} ${day.format(lastUsedAt)}`;
  const words = failure === null ? tested.problem : failureText(failure);
  return (
    <li className="px-4 py-4">
      <div className="flex flex-wrap items-start gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-52">
          <div className="flex min-h-7 items-center gap-x-2">
            {isNaming ? (
              <RenameField
                title={name}
                label={texts.renameField}
                lengthMax={modelKeyLimits.nameLengthMax}
                className="min-w-0 flex-1"
                onDone={(chosen) => void rename(chosen)}
              />
            ) : (
              <>
                <bdi className="min-w-0 break-words font-medium">{name}</bdi>
                {tested.problem === null ? null : <Badge tone="bad">{texts.refused}</Badge>}
                <IconButton
                  ref={pencil}
                  size="sm"
                  icon={<Pencil />}
                  label={texts.rename(name)}
                  disabled={!isOnline}
                  onClick={() => setIsNaming(true)}
                />
              </>
            )}
          </div>
          <div className="break-words text-compact text-ink-muted">
            {address === null ? texts.kinds[kind] : address} · {texts.modelCount(models.length)} · {use}
          </div>
          <p role="status" className="text-compact text-ink-muted empty:hidden">
            {test === "done" && words === null ? texts.taken(models.length) : null}
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          <AskingButton tone="quiet" isAsking={test === "asking"} disabled={!isOnline} onClick={() => void ask()}>
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
