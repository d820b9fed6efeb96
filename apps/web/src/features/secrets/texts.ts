import type { SecretAuditRow, SecretUsage } from "@threadbox/contracts/secrets";

/** The words of the secrets page. */
export const secretTexts = {
  title: "Secrets",
  lead: "Values go in and never come out. A new version counts from the next use on, with nothing restarted.",
  add: "Add secret",
  empty: "No secrets yet.",
  emptyHint: "Add MODEL_API_KEY, and the model gateway sends it in place of the configured key.",
  offline: "You’re offline. This is the last known state.",
  unreachable: "Can’t reach the server right now. What you see may be out of date.",
  loading: "Loading secrets",
  retry: "Try again",
  notAllowed: "Not allowed",
  notAllowedHint: "Only an admin can see and change secrets.",
  home: "Go to your threads",
  signInAgain: "Sign in again",
  table: "Secrets",
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
  usages: {
    internal: "The model gateway",
    env: "Programs in sandboxes",
    egress: "Requests of sandboxes to its hosts",
  } satisfies Record<SecretUsage, string>,
  users: { internal: "Model gateway", env: "Programs", egress: "Requests" } satisfies Record<SecretUsage, string>,
  usageHints: {
    internal: "Stays in the worker, which adds it to requests.",
    env: "A program in the sandbox can read it.",
    egress: "Added to requests on their way out. Programs see a stand-in that is good for these hosts alone.",
  } satisfies Record<SecretUsage, string>,
  rotate: "Rotate",
  revoke: "Revoke",
  destroy: "Destroy",
  cancel: "Cancel",
  versions: "Versions",
  holders: "Who has it",
  nobody: "Nobody has asked for it yet.",
  gateway: "Model gateway",
  egress: "Requests",
  sandbox: "Sandbox",
  states: { active: "Active", overlap: "Overlap", revoked: "Revoked", destroyed: "Destroyed", expired: "Expired" },
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
  scope: "For",
  scopes: { all: "Every thread", thread: "One thread" },
  threadId: "Thread ID",
  threadIdHint: "The last part of the thread’s address.",
  reason: "Reason",
  reasonHint: "For the audit, such as “Quarterly rotation”.",
  save: "Save",
  overlap: "The version before",
  overlaps: [
    [0, "ends now"],
    [5, "ends in 5 minutes"],
    [60, "ends in 1 hour"],
    [1_440, "ends in 1 day"],
  ],
  rotateNote: "The next use gets the new value. Nothing restarts.",
  revokeNow: "Revoke now",
  revokeNote: "From now on every use is refused, also in turns that are running. It can’t be undone.",
  olderToo: "Versions before it end too.",
  destroyNow: "Destroy for good",
  destroyNote: "Nothing of the value is kept. It can’t be undone.",
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
  empty: "Nothing has happened yet.",
  actions: {
    "secret.created": "created",
    "secret.rotated": "rotated",
    "secret.overlap_ended": "overlap ended",
    "secret.revoked": "revoked",
    "secret.destroyed": "destroyed",
    "secret.leased": "handed out",
  } satisfies Record<SecretAuditRow["action"], string>,
  vault: "The vault",
} as const;
