import type { ImportSecrets } from "@threadbox/contracts/operator";
import type { Environment } from "@threadbox/contracts/settings";

type Secret = ImportSecrets["secrets"][number];
type Kind = Pick<Secret, "usage" | "hosts">;

const hostOf = (address: string | undefined): readonly string[] => {
  const host = URL.parse(address ?? "")?.host;
  return host === undefined || host === "" ? [] : [host];
};

/** What is known to be a credential in an environment, and what it is for. */
const known: Readonly<Record<string, (environment: Environment) => Kind>> = {
  MODEL_API_KEY: ({ MODEL_BASE_URL }) => ({ usage: "internal", hosts: hostOf(MODEL_BASE_URL) }),
  CLAWDBOT_GATEWAY_TOKEN: () => ({ usage: "env", hosts: [] }),
  ANTHROPIC_API_KEY: () => ({ usage: "egress", hosts: ["api.anthropic.com"] }),
  OPENAI_API_KEY: () => ({ usage: "egress", hosts: ["api.openai.com"] }),
  GITHUB_TOKEN: () => ({ usage: "egress", hosts: ["api.github.com", "github.com"] }),
};

/** `NAME`, or `NAME=host,host` for one whose requests of sandboxes go to these hosts. */
const wish = /^([A-Z][A-Z0-9_]{0,63})(?:=([a-z0-9.:-]+(?:,[a-z0-9.:-]+)*))?$/;

export interface ImportPlan {
  readonly secrets: readonly Secret[];
  readonly problems: readonly string[];
}

/**
 * What an import moves: the named variables, or all that are known and set. One that is known by nobody is for programs in
 * sandboxes, with hosts for their requests to those.
 */
export const planImport = (names: readonly string[], environment: Environment): ImportPlan => {
  const wanted = names.length > 0 ? names : Object.keys(known).filter((name) => environment[name]?.trim());
  const problems: string[] = [];
  const secrets = wanted.flatMap((asked): readonly Secret[] => {
    const [, name, hosts] = wish.exec(asked) ?? [];
    if (name === undefined) {
      problems.push(`${JSON.stringify(asked)} is not a name such as MODEL_API_KEY or PARTNER_KEY=api.example.com`);
      return [];
    }
    const value = environment[name]?.trim() ?? "";
    if (value === "") {
      problems.push(`${name} is not set`);
      return [];
    }
    const usual = known[name]?.(environment) ?? { usage: "env" as const, hosts: [] };
    const kind: Kind =
      hosts === undefined ? usual : { usage: known[name] ? usual.usage : "egress", hosts: hosts.split(",") };
    return [{ name: name as Secret["name"], ...kind, value }];
  });
  if (wanted.length === 0) problems.push(`none of ${Object.keys(known).join(", ")} is set`);
  return { secrets, problems };
};

const users: Readonly<Record<Secret["usage"], string>> = {
  internal: "the model gateway",
  env: "programs in sandboxes",
  egress: "requests of sandboxes",
};

/** What is said of a secret before and after; never its value. */
export const describeSecret = ({ name, usage, hosts = [] }: Secret): string =>
  `${name}, for ${users[usage]}${hosts.length === 0 ? "" : ` to ${hosts.join(", ")}`}`;
