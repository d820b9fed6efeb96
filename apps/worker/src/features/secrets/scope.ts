import type { ThreadId, UserId } from "@threadbox/contracts/ids";
import type { SecretScope } from "@threadbox/contracts/secrets";

/** Begins the word of every user's own scope. */
export const userScopePrefix = "user:";

/** A scope in one word, as it is bound into a sealed value and written in the audit. */
export const scopeText = (scope: SecretScope): string => {
  if (scope.kind === "all") return "all";
  return scope.kind === "user" ? `${userScopePrefix}${scope.userId}` : `thread:${scope.threadId}`;
};

/** Where a thread's secrets are looked for, the closest first. `userId`: its owner, where what is theirs counts too. */
export const scopesOf = (threadId: ThreadId, userId: UserId | null = null): readonly SecretScope[] => [
  { kind: "thread", threadId },
  ...(userId === null ? [] : [{ kind: "user", userId } as const]),
  { kind: "all" },
];
