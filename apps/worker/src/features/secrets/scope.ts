import type { ThreadId } from "@threadbox/contracts/ids";
import type { SecretScope } from "@threadbox/contracts/secrets";

/** A scope in one word, as it is bound into a sealed value and written in the audit. */
export const scopeText = (scope: SecretScope): string => (scope.kind === "all" ? "all" : `thread:${scope.threadId}`);

/** Where a thread's secrets are looked for, the closest first. */
export const scopesOf = (threadId: ThreadId): readonly SecretScope[] => [{ kind: "thread", threadId }, { kind: "all" }];
