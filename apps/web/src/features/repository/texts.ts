import type { CloneProblem, CloneStep } from "@threadbox/contracts/repository";
import type { RepositoryUrlProblem } from "@threadbox/contracts/repository-url";

export const repositoryTexts = {
  startFrom: "Or start from",
  repository: "A repository",
  files: "Files from this device",
  failed: "Couldn’t start the thread. Try again.",
  messageFailed: "Couldn’t start the thread. Your message is saved. Try again.",
  title: "Start from a repository",
  lead: "Its files become the workspace of a new thread.",
  address: "Repository address",
  addressHint: "Public repositories over https. owner/name is one on GitHub.",
  branch: "Branch or tag",
  branchHint: "Default branch",
  branchWrong: "That isn’t the name of a branch or tag.",
  shallow: "Only the newest commit, which is faster",
  clone: "Clone",
  cancel: "Cancel",
  starting: "Starting the thread’s computer…",
  goesOn: "Cloning goes on if you close this.",
  openThread: "Open thread",
  change: "Change",
  retry: "Retry",
  allow: (host: string) => `Allow ${host} and retry`,
  askAdmin: "Only an admin can allow it.",
  cloned: (branch: string | null, commit: string | null) =>
    commit === null
      ? "Cloned. The repository has no commits yet."
      : `Cloned ${branch ?? "it"} at ${commit.slice(0, 7)}.`,
  submodules: "Its submodules weren’t fetched. Check .gitmodules, then run git submodule update --init.",
  offline: "You’re offline. A repository can be cloned when you’re back.",
  other: "That didn’t work. Try again.",
  reference: (reference: string) => `Reference ${reference}.`,
} as const;

export const urlProblemTexts: Readonly<Record<RepositoryUrlProblem, string>> = {
  empty: "Type the address of a repository.",
  form: "That’s no address of a repository, such as https://github.com/owner/name.",
  secret: "Leave the user and password out: they’d stay readable in the workspace.",
  protocol: "Only https addresses can be cloned, such as https://github.com/owner/name.",
  host: "Use a public host’s name, without a port.",
};

export const stepTexts: Readonly<Record<CloneStep, string>> = {
  connecting: "Connecting…",
  counting: "The server is gathering commits…",
  receiving: "Receiving files…",
  resolving: "Putting the history together…",
  writing: "Writing files…",
};

export const cloneProblemTexts: Readonly<Record<CloneProblem, (host: string) => string>> = {
  blocked: (host) => `This thread may not reach ${host}.`,
  unreachable: (host) => `${host} can’t be reached right now.`,
  private: () => "The repository doesn’t exist, or isn’t public.",
  branch: () => "The repository has no such branch or tag.",
  certificate: (host) => `${host} can’t prove that it’s the real one.`,
  full: () => "The repository is larger than the workspace’s disk.",
  slow: () => "Cloning took longer than 15 minutes. Try only the newest commit.",
  interrupted: () => "The thread’s computer stopped while cloning.",
  other: () => "Git couldn’t clone it.",
};
