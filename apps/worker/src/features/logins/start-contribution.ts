import { chatGptProviderId } from "@threadbox/contracts/model";
import { Effect } from "effect";
import type { StartContributor } from "../sandbox/index.ts";
import type { Logins } from "./logins.ts";

/** Where OpenCode keeps its credentials, below the home of a sandbox. */
const authPath = ".local/share/opencode/auth.json";

/**
 * OpenCode's credentials, written before it starts: the handles of the thread's login, or none. What an earlier start has
 * left there is replaced in any case.
 */
export const contributeLogin =
  (logins: Logins["Service"]): StartContributor =>
  ({ threadId, generation }) =>
    Effect.map(logins.authOfStart(threadId, generation), (auth) => ({
      files: [{ path: authPath, content: JSON.stringify(auth === null ? {} : { [chatGptProviderId]: auth }) }],
    }));
