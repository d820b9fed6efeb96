import { readSecretHost } from "@threadbox/contracts/host-rules";
import { secretLimits } from "@threadbox/contracts/secret-limits";
import { secretHostProblemTexts } from "./texts.ts";
import { hostTyped } from "./typed-host.ts";

/** Of what is wrong, so many characters are repeated. */
const shownMax = 60;

/**
 * Hosts that a secret is to be sent to, as they were typed with spaces or commas between: each once in the form in which it is kept,
 * or what is wrong with the first bad one, in a sentence. `named`: hosts that the installation names itself.
 */
export const readSecretHosts = (
  text: string,
  named: readonly string[],
): { readonly hosts: readonly string[] } | { readonly problem: string } => {
  const hosts = new Set<string>();
  for (const typed of text.split(/[\s,]+/).filter(Boolean)) {
    const read = readSecretHost(hostTyped(typed), named);
    if ("problem" in read)
      return { problem: `“${[...typed].slice(0, shownMax).join("")}”: ${secretHostProblemTexts[read.problem]}` };
    hosts.add(read.host);
  }
  return hosts.size > secretLimits.hostsMax
    ? { problem: `At most ${secretLimits.hostsMax} hosts.` }
    : { hosts: [...hosts] };
};
