import { modelKeyLimits } from "@threadbox/contracts/model-key-limits";
import type { ModelKeyView } from "@threadbox/contracts/model-keys";
import { Button } from "@threadbox/ui/button";
import { Skeleton } from "@threadbox/ui/skeleton";
import { Plus } from "lucide-react";
import { useState } from "react";
import { FailedNotice, OfflineNotice } from "../../lib/notices.tsx";
import { AddKey } from "./add-key.tsx";
import { failureText } from "./failure-text.ts";
import { KeyDialog } from "./key-dialog.tsx";
import { KeyRow } from "./key-row.tsx";
import { modelKeyTexts as texts } from "./texts.ts";
import { useModelKeys } from "./use-model-keys.ts";
import { textOf, ValueField } from "./value-field.tsx";

/** What is asked about a key, and whether it still is: a question that closes stays drawn until it has faded. */
interface Question {
  readonly of: ModelKeyView;
  readonly kind: "replace" | "remove";
  readonly isOpen: boolean;
}

/** The user's own keys: add, test, name, replace, remove. */
export default function ModelKeys() {
  const { list, failure, lookAgain, act, isOnline } = useModelKeys();
  const [isAdding, setIsAdding] = useState(false);
  const [question, setQuestion] = useState<Question | null>(null);
  const close = () => setQuestion((asked) => (asked === null ? null : { ...asked, isOpen: false }));
  const isFull = (list?.keys.length ?? 0) >= modelKeyLimits.keysMax;
  return (
    <>
      <p className="px-4 py-4 text-compact text-ink-muted">{texts.lead}</p>
      {list === null || list.keys.length === 0 ? null : (
        <ul aria-label={texts.list} className="divide-y">
          {list.keys.map((key) => (
            <KeyRow
              key={key.id}
              modelKey={key}
              isOnline={isOnline}
              act={act}
              onReplace={() => setQuestion({ of: key, kind: "replace", isOpen: true })}
              onRemove={() => setQuestion({ of: key, kind: "remove", isOpen: true })}
            />
          ))}
        </ul>
      )}
      {list === null && failure === null && isOnline ? (
        <div role="status" className="px-4 py-4">
          <span className="sr-only">{texts.loading}</span>
          <Skeleton className="h-4 w-40" />
        </div>
      ) : null}
      {failure !== null && isOnline ? (
        <div className="px-4 py-3">
          <FailedNotice again={{ label: texts.retry, run: lookAgain }}>
            {list === null ? texts.unknown : failureText(failure)}
          </FailedNotice>
        </div>
      ) : null}
      {isOnline ? null : (
        <div className="px-4 py-3">
          <OfflineNotice>{texts.offline}</OfflineNotice>
        </div>
      )}
      <div className="px-4 py-4">
        {isFull ? (
          <p className="text-compact text-ink-muted">{texts.full}</p>
        ) : (
          <Button disabled={!isOnline || list === null} onClick={() => setIsAdding(true)}>
            <Plus /> {texts.add}
          </Button>
        )}
      </div>
      <AddKey isOpen={isAdding} onClose={() => setIsAdding(false)} act={act} />
      {question === null ? null : question.kind === "replace" ? (
        <KeyDialog
          key={`replace ${question.of.id}`}
          isOpen={question.isOpen}
          onClose={close}
          title={texts.replaceTitle(question.of.name)}
          description={texts.replaceText}
          verb={texts.testAndReplace}
          onSubmit={(fields) => act((api) => api.replace(question.of.id, textOf(fields, "value")))}
        >
          <ValueField />
        </KeyDialog>
      ) : (
        <KeyDialog
          key={`remove ${question.of.id}`}
          isOpen={question.isOpen}
          onClose={close}
          title={texts.removeTitle(question.of.name)}
          description={texts.removeText}
          verb={texts.remove}
          tone="bad"
          onSubmit={() => act((api) => api.remove(question.of.id))}
        />
      )}
    </>
  );
}
