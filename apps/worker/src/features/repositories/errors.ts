import type { RepositoryUrlProblem } from "@threadbox/contracts/repository-url";
import { RequestRefusedError, refuser } from "../../http/failure.ts";

export const refused = refuser({
  UrlBlocked: "Only public https addresses can be cloned.",
  Conflict: "The workspace isn't empty. A repository can only be cloned into an empty one.",
  AlreadyRunning: "A repository is being cloned already.",
  SandboxUnavailable: "Cloning couldn't be started in the sandbox.",
});

export const trustRefused = refuser({
  AlreadyRunning: "The agent is working. Try again when it’s done: OpenCode has to start anew.",
});

const bad = (message: string) => new RequestRefusedError({ wireTag: "ValidationError", message });

/** How each address that can't be cloned from is refused. */
export const urlRefusals = {
  empty: () => bad("The address of a repository is needed."),
  form: () => bad("This is no address of a repository."),
  secret: () => bad("The address must not hold a user or a password: it would stay in the workspace."),
  protocol: () => refused("UrlBlocked"),
  host: () => refused("UrlBlocked"),
} as const satisfies Readonly<Record<RepositoryUrlProblem, () => unknown>>;
