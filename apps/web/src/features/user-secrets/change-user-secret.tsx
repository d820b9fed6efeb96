import type { UserSecretView } from "@threadbox/contracts/user-secrets";
import { hostsIn, SecretHostsField, SecretValueField, textIn } from "./secret-fields.tsx";
import { SecretQuestion } from "./secret-question.tsx";
import { userSecretTexts as texts } from "./texts.ts";
import type { SecretWish } from "./user-secret-row.tsx";
import type { Act } from "./user-secrets-api.ts";

interface ChangeUserSecretProps {
  readonly secret: UserSecretView;
  readonly wish: SecretWish;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly act: Act;
  readonly namedHosts: readonly string[];
}

/** The question about one secret that is open. */
export function ChangeUserSecret({ secret, wish, act, namedHosts, ...question }: ChangeUserSecretProps) {
  const { id, name, hosts, version } = secret;
  if (wish === "replace")
    return (
      <SecretQuestion
        title={texts.replaceOf(name)}
        description={texts.replaceText}
        verb={texts.replace}
        onSubmit={(fields) =>
          act((api) => api.replace(id, { value: textIn(fields, "value"), expectedVersion: version }))
        }
        {...question}
      >
        <SecretValueField />
      </SecretQuestion>
    );
  if (wish === "hosts")
    return (
      <SecretQuestion
        title={texts.hostsOf(name)}
        description={texts.hostsText}
        verb={texts.save}
        onSubmit={async (fields) => {
          const read = hostsIn(fields, namedHosts);
          if ("problem" in read) return read.problem;
          return act((api) => api.setHosts(id, { hosts: read.hosts, expectedHosts: hosts }));
        }}
        {...question}
      >
        <SecretHostsField hosts={hosts} />
      </SecretQuestion>
    );
  return (
    <SecretQuestion
      title={texts.removeTitle(name)}
      description={texts.removeText}
      verb={texts.remove}
      tone="bad"
      onSubmit={() => act((api) => api.remove(id))}
      {...question}
    />
  );
}
