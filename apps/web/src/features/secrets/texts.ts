import { secretDeedWords } from "@threadbox/contracts/secret-deeds";
import type { SecretUsage } from "@threadbox/contracts/secrets";

/** The words of the secrets page. */
export const secretTexts = {
  fingerprint: "Fingerprint",
  until: (time: string) => ` until ${time}`,
  title: "Secrets",
  lead: "Values go in and never come out. A new version counts from the next use on, with nothing restarted.",
  add: "Add secret",
  empty: "No secrets yet.",
  emptyHint: "Add MODEL_API_KEY, and the model gateway sends it in place of the configured key.",
  offline: "You’re offline. This is the last known state.",
  unreachable: "Can’t reach the server right now. What you see may be out of date.",
  loading: "Loading secrets",
  retry: "Retry",
  notAllowed: "Not allowed",
  notAllowedHint: "Only an admin can see and change secrets.",
  home: "Go to your threads",
  signInAgain: "Sign in again",
  table: "Secrets",
  filter: { label: "Filter secrets", nothingFound: "No secret has these words." },
  columns: {
    name: "Name",
    scope: "For",
    usage: "Used by",
    version: "Version",
    changed: "Changed",
    holders: "Who has it",
  },
  everyThread: "Every thread",
  thread: "Thread",
  user: "User",
  usages: {
    internal: "The model gateway",
    env: "Programs in sandboxes",
    egress: "Requests from sandboxes",
  } satisfies Record<SecretUsage, string>,
  users: { internal: "Model gateway", env: "Programs", egress: "Requests" } satisfies Record<SecretUsage, string>,
  usageHints: {
    internal: "Stays in the worker, which adds it to requests.",
    env: "A program in the sandbox can read it.",
    egress: "Added to requests on their way out. Programs see a stand-in that is good for these hosts alone.",
  } satisfies Record<SecretUsage, string>,
  rotate: "Rotate",
  revoke: "Revoke",
  revokedAt: "Revoked",
  destroy: "Destroy",
  cancel: "Cancel",
  versions: "Versions",
  holders: "Who has it",
  nobody: "Nobody has asked for it yet.",
  rollout: "Rollout",
  hosts: "Hosts",
  unbound: "Wherever its use leads.",
  changeHosts: "Change hosts",
  boundTo: "Only for",
  check: "Check",
  noCheck: "New values are taken as they are.",
  addCheck: "Add a check",
  changeCheck: "Change check",
  noHosts: "A check needs a host. This secret has none.",
  asksNow: "Asks at each use",
  expires: "expires",
  gateway: "Model gateway",
  egress: "Requests",
  sandbox: "Sandbox",
  states: {
    checking: "Checking",
    active: "Active",
    overlap: "Overlap",
    revoked: "Revoked",
    destroyed: "Destroyed",
    expired: "Expired",
  },
} as const;

/** The words of every list as a table. */
export const listTexts = {
  columns: "Columns",
  order: "Sort by",
  unordered: "Sort by…",
  /** From so many rows on there is a field to find them in. */
  filteredFrom: 10,
} as const;

/** The words of what users keep themselves. */
export const usersSecretTexts = {
  title: "Users’ secrets",
  lead: "What people have added for their own threads in Settings. You can’t read or change any of it; you can end what has leaked.",
  empty: "No user has added a secret or a model key.",
  unreachable: "Can’t reach the server right now. Users’ secrets weren’t read.",
  retry: "Retry",
  filter: { label: "Filter users’ secrets", nothingFound: "No secret or owner has these words." },
  columns: {
    name: "Name",
    owner: "Owner",
    used: "Last used",
  },
  modelKey: "Model key",
  notUsed: "Never",
  revoke: "Revoke",
  revokeOf: (name: string, owner: string) => `Revoke ${name} of ${owner}`,
  ask: (name: string, owner: string) => `Revoke ${name} of ${owner}?`,
  note: "Its owner sees in Settings that an admin did this, and why.",
  cut: "Only the first 500 are listed. The audit finds the others.",
} as const;

/** The words of its dialogs. */
export const secretFormTexts = {
  addTitle: "Add a secret",
  name: "Name",
  nameHint: "Capital letters, digits and underscores, such as MODEL_API_KEY.",
  value: "Value",
  valueHint: "It’s stored encrypted and never shown again.",
  usage: "Used by",
  hosts: "Hosts",
  hostsHint: "Where it may be sent, such as api.example.com. Separate several with spaces.",
  hostsToCheck: "Leave empty, or name hosts such as api.example.com to check new values there.",
  scope: "For",
  scopes: { all: "Every thread", user: "One user’s threads", thread: "One thread" },
  userId: "User ID",
  userIdHint: "As the audit names who did something, such as user_01HZX.",
  threadId: "Thread ID",
  threadIdHint: "The last part of the thread’s address.",
  reason: "Reason",
  reasonHint: "For the audit, such as “Quarterly rotation”.",
  save: "Save",
  overlap: "The version before",
  overlaps: [
    ["when-had", "ends once everyone has the new one, in 1 day at most"],
    ["0", "ends now"],
    ["5", "ends in 5 minutes"],
    ["60", "ends in 1 hour"],
    ["1440", "ends in 1 day"],
  ],
  expiry: "Expires",
  expiries: [
    [0, "never"],
    [30, "in 30 days"],
    [90, "in 90 days"],
    [365, "in a year"],
  ],
  revokeNow: "Revoke now",
  revokeNote: "From now on every use is refused, also in turns that are running. It can’t be undone.",
  olderToo: "Versions before it end too.",
  destroyNow: "Destroy for good",
  destroyNote: "Nothing of the value is kept. It can’t be undone.",
} as const;

/** The words of a rotation. */
export const secretRotationTexts = {
  title: "Steps",
  steps: ["Value", "Check", "Roll out", "Done"],
  notes: {
    value: "Paste the new value. It’s never shown again.",
    check: "The new value is tried at its host. Until it passes, nobody is given it.",
    failed: "Nobody was given the new value.",
    rollout: "The new version counts from now on, and nothing restarts. You can close this: it goes on by itself.",
    done: "Nothing restarted, and nothing has to be done.",
  },
  done: "Done",
  close: "Close",
  again: "Try another value",
  checking: "Checking the new value…",
  progress: "Who has the new version",
  oldEnded: "No older version can be used any more.",
  oldOpen: (version: number) => `Version ${version} can still be used.`,
  oldUntil: (version: number, time: string) => `Version ${version} can still be used until ${time}.`,
  oldUntilHad: (version: number, time: string) =>
    `Version ${version} ends once everyone has the new one, or ${time} at the latest.`,
  openUses: (count: number, version: number) =>
    count === 1
      ? `1 request with version ${version} is still open.`
      : `${count} requests with version ${version} are still open.`,
  endNow: (version: number) => `End version ${version} now`,
  rollBack: (version: number) => `Roll back to version ${version}`,
  rollBackNote: (version: number, current: number) =>
    `The value of version ${version} becomes the newest version, and version ${current} ends. Everyone is told at once.`,
  failedCheck: (version: number, words: string, kept: string) =>
    `Version ${version} failed its check: ${words} ${kept}`,
  kept: (current: number | null) =>
    current === null ? "No version is in force." : `It was rolled back: version ${current} stays in force.`,
} as const;

const counted = (count: number, one: string): string => (count === 1 ? `1 ${one}` : `${count} ${one}s`);

/** The words of where a secret has gone. */
export const blastRadiusTexts = {
  title: "Blast radius",
  none: "It hasn’t gone anywhere yet.",
  failed: "Can’t tell right now.",
  retry: "Retry",
  thread: "thread",
  message: (message: string) => `message ${message}`,
  call: (tool: string, call: string, message: string) => `${tool} ${call} in message ${message}`,
  since: "first",
  last: "last",
  exportCsv: "Export CSV",
  summary: (threads: number, hosts: number, isCut: boolean) =>
    `${counted(threads, "thread")} and ${counted(hosts, "host")} had it${isCut ? ", and more that isn’t shown" : ""}.`,
  more: (count: number) => `${count} more in the export.`,
} as const;

/** The words of where a secret may be sent. */
export const secretHostsTexts = {
  title: (name: string) => `Hosts of ${name}`,
  lead: "It’s sent to these hosts only, from the next use on. Open connections from sandboxes to hosts you remove are closed.",
  leadInternal: "It’s sent to these hosts only, from the next use on.",
} as const;

/** The words of a check. */
export const secretCheckTexts = {
  title: (name: string) => `Check of ${name}`,
  lead: "A new value is tried once with this request before anybody is given it. If the answer isn’t what you expect, it’s rolled back.",
  method: "Method",
  url: "Address",
  urlHint: "https, on one of the secret’s hosts, such as",
  placement: "Put the value in",
  placements: { bearer: "Authorization: Bearer", basic: "Password of Basic", header: "A header", query: "A parameter" },
  placedIn: { bearer: "", basic: "User", header: "Header", query: "Parameter" },
  status: "Expected status",
  save: "Save",
  remove: "Remove check",
  summary: (method: string, url: string, status: number) => `${method} ${url} must answer ${status}.`,
} as const;

/** What is said when something could not be done. */
export const secretFailureTexts = {
  unknownOutcome: "No answer came. Look at the list before you try again.",
  reauth: "Your last sign-in was more than an hour ago. Sign in again to change secrets.",
  notAllowed: "Only an admin can see and change secrets.",
  signedOut: "Couldn’t confirm your sign-in. Reload the page to sign in again.",
  tooMany: "Too many requests. Wait a moment, then try again.",
  internal: "Something went wrong on our side.",
  reference: "Reference",
} as const;

/** The words of the audit. */
export const secretAuditTexts = {
  title: "Audit",
  verified: "Verified",
  verifiedHint: "Each row follows from the one before it.",
  broken: "Changed at row",
  more: "Show older rows",
  filter: "Filter the audit",
  nothingFound: "No row has these words.",
  nothingFoundYet: "No row so far has these words. There are older ones.",
  exportCsv: "Export CSV",
  exportJson: "Export JSON",
  retry: "Retry",
  unreachable: "Can’t reach the server right now. The audit wasn’t read.",
  empty: "Nothing has happened yet.",
  columns: {
    at: "When",
    name: "Secret",
    deed: "What",
    actor: "Who",
    scope: "For",
    reason: "Why",
    request: "Request",
  },
  actions: secretDeedWords,
  vault: "The vault",
} as const;

const sandboxes = (count: number): string => (count === 1 ? "1 sandbox" : `${count} sandboxes`);

/** The words of the sandboxes that run. */
export const runningTexts = {
  title: "Running sandboxes",
  lead: "A program keeps what it read when it started. Restart its sandbox, and it starts with the current values.",
  none: "No sandbox is running. The next one starts with the current values.",
  columns: { owner: "Whose", thread: "Thread", state: "State", since: "Since" },
  states: { starting: "Starting", ready: "Ready", busy: "Working", napping: "Napping" },
  unknownOwner: "Unknown",
  restart: "Restart",
  restartAll: "Restart all",
  restartOf: (owner: string, thread: string) => `Restart ${owner}’s sandbox of thread ${thread}`,
  ask: (count: number) => (count === 1 ? "Restart this sandbox?" : `Restart ${count} sandboxes?`),
  consequence: "Everything that runs in it ends: OpenCode, terminals, servers. Files and conversations stay.",
  interrupts: (count: number) =>
    count === 1
      ? "A turn is running, and it’s interrupted. What it wrote stays."
      : `${count} turns are running, and they’re interrupted. What they wrote stays.`,
  queued: "Waiting…",
  restarting: "Restarting…",
  restarted: (downMs: number) => `Restarted in ${(downMs / 1_000).toFixed(1)} s`,
  progress: ({ running, done, failed }: { running: number; done: number; failed: number }) => {
    if (running > 0) return `Restarting ${sandboxes(running)}. Keep this page open.`;
    if (failed === 0) return `Restarted ${sandboxes(done)}. Old passwords no longer work.`;
    return `Restarted ${sandboxes(done)}; ${failed} failed.`;
  },
} as const;
