import { loginLimits } from "@threadbox/contracts/logins";
import type { ConnectView } from "./connect-view.ts";

type Start = Extract<ConnectView, { kind: "start" }>["state"];
type Flow = Extract<ConnectView, { kind: "flow" }>["state"];

const waiting = "Waiting for your approval… This page updates by itself. Only approve if you started this.";

/** The words of Connect ChatGPT. */
export const loginTexts = {
  title: "Connect ChatGPT (Codex)",
  starts: {
    idle: "Use your ChatGPT plan in your threads. OpenAI asks you to approve; you can disconnect at any time.",
    another: `You can connect up to ${loginLimits.loginsMax} accounts.`,
    full: `You have ${loginLimits.loginsMax} accounts, which is as many as fit. Disconnect one to connect another.`,
    disconnected: "Disconnected, and the tokens kept here are deleted.",
  } satisfies Record<Start, string>,
  begin: {
    idle: "Connect ChatGPT",
    another: "Connect another account",
    disconnected: "Connect ChatGPT",
  } satisfies Record<Exclude<Start, "full">, string>,
  states: {
    requesting: "Getting a code…",
    code: waiting,
    waiting,
    expired: "The code expired. Nothing was connected.",
    denied: "You (or your workspace admin) declined. Nothing was connected.",
    failed: "Couldn’t get a login from OpenAI. Nothing was connected.",
  } satisfies Record<Flow, string>,
  stillRequesting: "Still getting a code… A sandbox may be starting for it, which can take a minute or two.",
  reauth: (name: string) => `ChatGPT signed you out of ${name}. Your threads are safe.`,
  again: "Connect again",
  newCode: "Get a new code",
  tryAgain: "Try again",
  renew: "New code",
  enterAt: "Enter this code at",
  code: "Your code",
  qr: "QR code of OpenAI’s page, for your phone. The code to enter isn’t in it.",
  copy: "Copy code",
  copied: "Copied",
  notCopied: "Couldn’t copy. Select the code instead.",
  open: "Open OpenAI’s page",
  cancel: "Cancel",
  dismiss: "Dismiss",
  done: "Done",
  expiresIn: "Expires in",
  logins: "Connected accounts",
  byDefault: "Default",
  useByDefault: "Use by default",
  rename: (name: string) => `Rename ${name}`,
  name: "Name of the account",
  test: "Test",
  accepted: "OpenAI accepts this account.",
  disconnect: "Disconnect",
  disconnectTitle: (name: string) => `Disconnect ${name}?`,
  disconnectText:
    "Threads can’t use it any more, from the next call to OpenAI on: a turn that is using it ends. The tokens kept here are deleted. Nothing else in your threads changes.",
  disconnected: (name: string) => `${name} is disconnected, and its tokens kept here are deleted.`,
  revoke: "Revoke it at OpenAI too",
  connectedAs: (account: string) => `Connected as ${account}`,
  connectedInstead: (account: string, name: string) =>
    `Connected as ${account}, which is another account: ${name} is still signed out.`,
  since: (day: string) => `since ${day}`,
  used: "last used",
  notUsed: "not used yet",
  newThreads: "Use it in every thread",
  newThreadsHint: "Threads without a choice of their own are answered by the default account from their next turn on.",
  reference: (reference: string) => `Reference ${reference}.`,
  shared: "What is shared?",
  sharedText:
    "What you and the agent write in threads that use it goes to OpenAI, as in ChatGPT’s own Codex. Threadbox keeps your tokens encrypted; a sandbox never holds them.",
  failures: {
    tooMany: `That’s ${loginLimits.startsPerHourMax} codes within an hour. Try again later.`,
    unreachable: "Can’t reach Threadbox.",
    ended: "ChatGPT signed you out of that account.",
    gone: "That account isn’t there any more.",
    signedOut: "Couldn’t confirm your sign-in. Reload the page.",
    other: "Something went wrong on our side.",
  },
  tryingAgain: "Trying again…",
  loading: "Asking what is connected…",
  offline: "You’re offline. What is shown here may be old.",
} as const;
