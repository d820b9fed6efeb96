import { refuser } from "../../http/failure.ts";

/** The door stays shut. Says which rule of the contract is broken, and nothing about the thread. */
export const refused = refuser({
  TokenMissing: "A thread token is required.",
  TokenMalformed: "This isn't a thread token.",
  TokenInvalid: "The thread token isn't valid.",
  TokenExpired: "The thread token has expired.",
  ThreadScopeMismatch: "The thread token is for another thread.",
  NotFound: "This thread doesn't exist, or you don't have access.",
});
