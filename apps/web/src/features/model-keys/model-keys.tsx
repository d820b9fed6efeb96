import { modelKeyLimits } from "@threadbox/contracts/model-key-limits";
import type { ModelKeyView } from "@threadbox/contracts/model-keys";
import { useState } from "react";
import { OwnedList, useOwnedList } from "../owned-list/index.ts";
import { AddKey } from "./add-key.tsx";
import { failureText } from "./failure-text.ts";
import { KeyDialog } from "./key-dialog.tsx";
import { KeyRow } from "./key-row.tsx";
import { makeModelKeysApi } from "./model-keys-api.ts";
import { modelKeyTexts as texts } from "./texts.ts";
import { textOf, ValueField } from "./value-field.tsx";

/** What is asked about a key, and whether it still is: a question that closes stays drawn until it has faded. */
interface Question {
  readonly of: ModelKeyView;
  readonly kind: "replace" | "remove";
  readonly isOpen: boolean;
}

/** The user's own keys: add, test, name, replace, remove. */
export default function ModelKeys() {
  const { list, failure, lookAgain, act, isOnline } = useOwnedList(makeModelKeysApi);
  const [isAdding, setIsAdding] = useState(false);
  const [question, setQuestion] = useState<Question | null>(null);
  const close = () => setQuestion((asked) => (asked === null ? null : { ...asked, isOpen: false }));
  const keys = list?.keys ?? [];
  return (
    <>
      <OwnedList
        texts={texts}
        failureText={failureText}
        failure={failure}
        lookAgain={lookAgain}
        isOnline={isOnline}
        isKnown={list !== null}
        isFull={keys.length >= modelKeyLimits.keysMax}
        onAdd={() => setIsAdding(true)}
      >
        {keys.map((key) => (
          <KeyRow
            key={key.id}
            modelKey={key}
            isOnline={isOnline}
            act={act}
            onReplace={() => setQuestion({ of: key, kind: "replace", isOpen: true })}
            onRemove={() => setQuestion({ of: key, kind: "remove", isOpen: true })}
          />
        ))}
      </OwnedList>
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
