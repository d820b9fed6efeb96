import { secretLimits } from "@threadbox/contracts/secret-limits";
import type { UserSecretView } from "@threadbox/contracts/user-secrets";
import { useState } from "react";
import { OwnedList, useOwnedList } from "../owned-list/index.ts";
import { AddUserSecret } from "./add-user-secret.tsx";
import { ChangeUserSecret } from "./change-user-secret.tsx";
import { failureText } from "./failure-text.ts";
import { userSecretTexts as texts } from "./texts.ts";
import { type SecretWish, UserSecretRow } from "./user-secret-row.tsx";
import { makeUserSecretsApi } from "./user-secrets-api.ts";

/** What is asked about a secret, and whether it still is: a question that closes stays drawn until it has faded. */
interface Question {
  readonly of: UserSecretView;
  readonly wish: SecretWish;
  readonly isOpen: boolean;
}

/** The secrets of the user's own threads: add, replace, bind to other hosts, remove. */
export default function UserSecrets() {
  const { list, failure, lookAgain, act, isOnline } = useOwnedList(makeUserSecretsApi);
  const [isAdding, setIsAdding] = useState(false);
  const [question, setQuestion] = useState<Question | null>(null);
  const secrets = list?.secrets ?? [];
  const namedHosts = list?.namedHosts ?? [];
  const isFull = secrets.filter(({ isOwn }) => isOwn).length >= secretLimits.usersSecretsMax;
  return (
    <>
      <OwnedList
        texts={texts}
        failureText={failureText}
        failure={failure}
        lookAgain={lookAgain}
        isOnline={isOnline}
        isKnown={list !== null}
        isFull={isFull}
        onAdd={() => setIsAdding(true)}
      >
        {secrets.map((secret) => (
          <UserSecretRow
            key={secret.id}
            secret={secret}
            isOnline={isOnline}
            onWish={(wish) => setQuestion({ of: secret, wish, isOpen: true })}
          />
        ))}
      </OwnedList>
      <AddUserSecret isOpen={isAdding} onClose={() => setIsAdding(false)} act={act} namedHosts={namedHosts} />
      {question === null ? null : (
        <ChangeUserSecret
          key={`${question.wish} ${question.of.id} ${question.of.version}`}
          secret={question.of}
          wish={question.wish}
          isOpen={question.isOpen}
          onClose={() => setQuestion((asked) => (asked === null ? null : { ...asked, isOpen: false }))}
          act={act}
          namedHosts={namedHosts}
        />
      )}
    </>
  );
}
