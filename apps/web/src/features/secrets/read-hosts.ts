import { hostRuleLimits } from "@threadbox/contracts/host-rules";
import { hostProblemTexts, readTypedHost } from "../network/index.ts";
import { policyTexts } from "./policy-texts.ts";

/** Of what is wrong, so many characters are repeated. */
const shownMax = 60;

/** Hosts as they were typed, one in a line or with spaces or commas between: each once, or what is wrong with the first bad one. */
export const readHosts = (text: string): { readonly rules: readonly string[] } | { readonly problem: string } => {
  const rules = new Set<string>();
  for (const typed of text.split(/[\s,]+/).filter(Boolean)) {
    const read = readTypedHost(typed);
    if ("problem" in read)
      return { problem: policyTexts.problem([...typed].slice(0, shownMax).join(""), hostProblemTexts[read.problem]) };
    rules.add(read.rule);
  }
  return rules.size > hostRuleLimits.commonMax
    ? { problem: policyTexts.tooMany(hostRuleLimits.commonMax) }
    : { rules: [...rules] };
};
