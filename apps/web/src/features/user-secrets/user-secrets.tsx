import { secretLimits } from "@threadbox/contracts/secret-limits";
import type { UserSecretView } from "@threadbox/contracts/user-secrets";
import { Button } from "@threadbox/ui/button";
import { Skeleton } from "@threadbox/ui/skeleton";
import { Plus } from "lucide-react";
import { useState } from "react";
import { FailedNotice, OfflineNotice } from "../../lib/notices.tsx";
import { AddUserSecret } from "./add-user-secret.tsx";
import { ChangeUserSecret } from "./change-user-secret.tsx";
import { failureText } from "./failure-text.ts";
import { userSecretTexts as texts } from "./texts.ts";
import { useUserSecrets } from "./use-user-secrets.ts";
import { type SecretWish, UserSecretRow } from "./user-secret-row.tsx";

/** What is asked about a secret, and whether it still is: a question that closes stays drawn until it has faded. */
interface Question {
  readonly of: UserSecretView;
  readonly wish: SecretWish;
  readonly isOpen: boolean;
}

/** The secrets of the user's own threads: add, replace, bind to other hosts, remove. */
export default function UserSecrets() {
  const { list, failure, lookAgain, act, isOnline } = useUserSecrets();
  const [isAdding, setIsAdding] = useState(false);
  const [question, setQuestion] = useState<Question | null>(null);
  const secrets = list?.secrets ?? [];
  const namedHosts = list?.namedHosts ?? [];
  const isFull = secrets.filter(({ isOwn }) => isOwn).length >= secretLimits.usersSecretsMax;
  return (
    <>
      <p className="px-4 py-4 text-compact text-ink-muted">{texts.lead}</p>
      {secrets.length === 0 ? null : (
        <ul aria-label={texts.list} className="divide-y">
          {secrets.map((secret) => (
            <UserSecretRow
              key={secret.id}
              secret={secret}
              isOnline={isOnline}
              onWish={(wish) => setQuestion({ of: secret, wish, isOpen: true })}
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
      {list !== null && secrets.length === 0 ? <p className="px-4 py-4 font-medium">{texts.empty}</p> : null}
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
