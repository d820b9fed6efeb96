/** The words about a session that is there, or cannot be asked for. */
export const authTexts = {
  signingIn: "Signing you in…",
  retry: "Retry",
  unreachableTitle: "Can’t reach the sign-in service",
  stillSignedIn: "You’re still signed in. Your threads open as soon as the service is back.",
} as const;
