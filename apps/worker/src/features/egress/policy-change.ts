import type { CommonPolicy } from "@threadbox/contracts/egress-policy";

const namedMax = 10;

const named = (verb: string, rules: readonly string[]): readonly string[] => {
  if (rules.length === 0) return [];
  const more = rules.length > namedMax ? ` and ${rules.length - namedMax} more` : "";
  return [`${verb} ${rules.slice(0, namedMax).join(", ")}${more}.`];
};

const switched = (before: boolean, after: boolean, on: string, off: string): readonly string[] =>
  before === after ? [] : [after ? on : off];

/** What a change of the common policy comes to, in sentences for the audit. */
export const policyChange = (before: CommonPolicy, after: CommonPolicy): string => {
  const sentences = [
    ...switched(before.mode === "open", after.mode === "open", "Every host is open.", "Only listed hosts are open."),
    ...switched(
      before.hasStandardHosts,
      after.hasStandardHosts,
      "Registries and git hosts are listed.",
      "Registries and git hosts aren't listed.",
    ),
    ...switched(before.canOwnersAdd, after.canOwnersAdd, "Owners may add hosts.", "Owners may not add hosts."),
    ...named(
      "Added",
      after.hosts.filter((rule) => !before.hosts.includes(rule)),
    ),
    ...named(
      "Removed",
      before.hosts.filter((rule) => !after.hosts.includes(rule)),
    ),
  ];
  return sentences.length === 0 ? "Nothing changed." : sentences.join(" ");
};
