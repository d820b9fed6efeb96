/** The words of the sign-in page. */
export const signInTexts = {
  signIn: "Sign in",
  headline: "Every thread gets its own computer.",
  lead: "Say what you need. An agent does it in a sandbox while you watch.",
  promises: [
    "An isolated sandbox for every thread, ready in seconds.",
    "Watch every command live, from any device.",
    "API keys never enter the sandbox.",
  ],
  sessionEnded: "Your session ended. Your draft is saved.",
  notSignedOut: "Couldn’t sign you out. Try again.",
  unreachable: "Can’t reach the sign-in service. Try again.",
  failed: "Sign-in failed. Try again.",
  retry: "Retry",
  vignette: {
    question: "Which Node version is installed? Save it to a file.",
    ran: "Ran",
    wrote: "Wrote",
    answer: ["Node ", " is installed. I saved it to "],
    ready: "Sandbox ready",
  },
} as const;
