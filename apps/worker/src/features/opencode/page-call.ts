import type { Ask } from "./ask.ts";

/** A call of OpenCode's own page that a session's conversation depends on. */
export type PageCall =
  /** Something to be answered. */
  | { readonly kind: "ask"; readonly ask: Ask["kind"]; readonly sessionId: string }
  | { readonly kind: "stop"; readonly sessionId: string }
  /** A session that begins with another's messages. */
  | { readonly kind: "fork"; readonly sessionId: string }
  /** Changes or takes away what was said. */
  | { readonly kind: "rewrite"; readonly sessionId: string };

const session = /^\/session\/(ses_[A-Za-z0-9]{1,64})(?:\/(.+))?$/;

const ofPost: Readonly<Record<string, Exclude<PageCall["kind"], "ask"> | Ask["kind"]>> = {
  prompt_async: "prompt",
  command: "command",
  shell: "shell",
  abort: "stop",
  fork: "fork",
  revert: "rewrite",
  unrevert: "rewrite",
  init: "rewrite",
  message: "rewrite",
};

/** Null for every other call: it changes nothing of a conversation. */
export const pageCallOf = (method: string, pathname: string): PageCall | null => {
  const [, sessionId, verb = ""] = session.exec(pathname) ?? [];
  if (sessionId === undefined) return null;
  if (method === "DELETE") return verb === "share" ? null : { kind: "rewrite", sessionId };
  if (method === "PATCH" || method === "PUT") return verb === "" ? null : { kind: "rewrite", sessionId };
  const kind = method === "POST" ? ofPost[verb] : undefined;
  if (kind === undefined) return null;
  return kind === "stop" || kind === "fork" || kind === "rewrite"
    ? { kind, sessionId }
    : { kind: "ask", ask: kind, sessionId };
};
