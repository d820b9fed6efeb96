/**
 * Rules about which hosts a sandbox may reach, as people type them and as they are kept: `api.example.com` is that host
 * alone, `*.example.com` every host below it at any depth and not `example.com` itself. This file has no imports.
 */
export const hostRuleLimits = {
  /** Of one rule, as it is kept. */
  lengthMax: 253,
  /** Of what is typed. */
  typedLengthMax: 2_048,
  /** Rules that hold for every thread. */
  commonMax: 200,
  /** Rules of one thread. */
  threadMax: 100,
} as const;

/**
 * Why a text is no rule. `address`: of a machine, not its name. `port`: another than 443. `wildcard`: a star that is not the
 * whole first part, or with fewer than two parts after it. `more`: a path, a user or a space. `name`: no full name in ASCII.
 */
export type HostRuleProblem = "empty" | "address" | "port" | "wildcard" | "more" | "name";

export type ReadHostRule = { readonly rule: string } | { readonly problem: HostRuleProblem };

const label = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?";
const namePattern = new RegExp(`^(?:${label}\\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$`);

const isName = (text: string): boolean => text.length <= hostRuleLimits.lengthMax && namePattern.test(text);
const isAddress = (text: string): boolean => /^\d[\d.]*$/.test(text) || /^\[|:.*:/.test(text);

const problemOf = (text: string): HostRuleProblem | null => {
  if (text === "") return "empty";
  if (/[/?#@\\\s]/.test(text)) return "more";
  if (isAddress(text)) return "address";
  if (text.includes(":")) return "port";
  if (!text.includes("*")) return isName(text) ? null : "name";
  const rest = text.slice(2);
  return text.startsWith("*.") && !rest.includes("*") && rest.includes(".") && isName(rest) ? null : "wildcard";
};

/**
 * The rule that is meant, in the one form in which rules are kept: lower case, without the dot of the root and without the
 * port that is meant anyway. Names outside ASCII come as punycode (`xn--…`).
 */
export const readHostRule = (typed: string): ReadHostRule => {
  const text = typed
    .slice(0, hostRuleLimits.typedLengthMax)
    .trim()
    .toLowerCase()
    .replace(/:443$/, "")
    .replace(/(?<=[a-z0-9])\.$/, "");
  const problem = problemOf(text);
  return problem === null ? { rule: text } : { problem };
};

/** Whether a text is a rule in the form in which rules are kept. */
export const isHostRule = (text: string): boolean => {
  const read = readHostRule(text);
  return "rule" in read && read.rule === text;
};

/** Names that lead to a machine itself or to a network around it, wherever they are resolved. */
const localNames = /(?:^|\.)(?:localhost|local|internal|lan|home|corp|intranet|private|home\.arpa)$/;

export const isLocalName = (host: string): boolean => localNames.test(host);

/** Why a text is no host that a secret may be sent to: what is wrong with a rule, or `local`: a name in a network of its own. */
export type SecretHostProblem = HostRuleProblem | "local";

export type ReadSecretHost = { readonly host: string } | { readonly problem: SecretHostProblem };

/**
 * The host that is meant, in the form in which a secret's hosts are kept: a public name, or one that the installation has named
 * itself (`named`, as `name` or `name:port`), wherever that is.
 */
export const readSecretHost = (typed: string, named: readonly string[] = []): ReadSecretHost => {
  const text = typed.slice(0, hostRuleLimits.typedLengthMax).trim().toLowerCase();
  if (named.includes(text)) return { host: text };
  const read = readHostRule(text);
  if ("problem" in read) return named.includes(text.replace(/:443$/, "")) ? { host: text.replace(/:443$/, "") } : read;
  if (named.includes(read.rule)) return { host: read.rule };
  if (read.rule.startsWith("*")) return { problem: "wildcard" };
  return isLocalName(read.rule) ? { problem: "local" } : { host: read.rule };
};

/** Whether the rule is about that host, which is in lower case. */
export const ruleCovers = (rule: string, host: string): boolean =>
  rule.startsWith("*.") ? host.length > rule.length - 1 && host.endsWith(rule.slice(1)) : rule === host;
