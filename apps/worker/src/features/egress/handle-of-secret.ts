import type { ThreadId } from "@threadbox/contracts/ids";
import { Effect } from "effect";
import { WorkerConfig } from "../../config.ts";
import { SecretVault } from "../secrets/index.ts";
import { handleMaker } from "./handles.ts";

/** What a program of that thread holds in place of the secret of that name; null where none is put into its requests. */
export const handleOfSecret = Effect.fn("handleOfSecret")(function* (threadId: ThreadId, name: string) {
  const vault = yield* SecretVault;
  const found = (yield* vault.bound(threadId)).find((secret) => secret.name === name);
  if (found === undefined) return null;
  const { sandboxCredentialKey } = yield* WorkerConfig;
  return yield* Effect.promise(async () => (await handleMaker(sandboxCredentialKey))(threadId, found.name));
});
