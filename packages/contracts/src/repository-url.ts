import { readHostRule } from "./host-rules.ts";

/** Longest address of a repository and name of a branch, in characters. */
export const repositoryLimits = { urlLengthMax: 2_000, branchLengthMax: 250 } as const;

/**
 * Why a text is no address to clone from. `secret`: it holds a user or a password, which would stay in `.git/config`.
 * `protocol`: another than https. `host`: an address of a machine, another port, or no full name. `form`: no address at all.
 */
export type RepositoryUrlProblem = "empty" | "secret" | "protocol" | "host" | "form";

export type ReadRepositoryUrl =
  | { readonly url: string; readonly host: string }
  | { readonly problem: RepositoryUrlProblem };

const shorthand = /^[A-Za-z0-9-]{1,39}\/[A-Za-z0-9._-]{1,100}$/;
const address = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(\/[^?#]*)?(.*)$/i;
const unprintable = /[\p{C}\s\\]/u;

/** The address that is meant; `owner/name` is GitHub's. */
export const readRepositoryUrl = (typed: string): ReadRepositoryUrl => {
  const text = typed.trim();
  if (text === "") return { problem: "empty" };
  if (text.length > repositoryLimits.urlLengthMax || unprintable.test(text)) return { problem: "form" };
  if (shorthand.test(text)) return readRepositoryUrl(`https://github.com/${text}`);
  // `host:path`, `ext::program` and a bare path are git's own forms.
  const [, protocol, authority = "", path = "", rest] = address.exec(text) ?? [];
  if (protocol === undefined) return { problem: text.includes(":") ? "protocol" : "form" };
  if (protocol.toLowerCase() !== "https") return { problem: "protocol" };
  if (authority.includes("@")) return { problem: "secret" };
  const host = readHostRule(authority);
  if (!("rule" in host) || host.rule.includes("*")) return { problem: "host" };
  if (path.length < 2 || rest !== "") return { problem: "form" };
  return { url: `https://${host.rule}${path}`, host: host.rule };
};

/** Git's own rules for the name of a branch or tag, and none that a program could take for an option. */
const branchPattern = /^(?![-./])(?!.*(?:\.\.|\/\/|\/\.|@\{|\.lock(?:\/|$)))[\p{L}\p{N}._/+@#=-]+$/u;

export const isBranchName = (text: string): boolean =>
  text.length <= repositoryLimits.branchLengthMax && branchPattern.test(text) && !/[./]$/.test(text) && text !== "@";
