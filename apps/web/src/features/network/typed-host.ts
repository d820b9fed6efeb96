import { type ReadHostRule, readHostRule } from "@threadbox/contracts/host-rules";

const address = /^[a-z][a-z0-9+.-]*:\/\//i;
const ascii = /^[\x20-\x7e]*$/;

/** What a person typed or pasted: of an address its host counts, and a name in any script is one in ASCII. */
export const hostTyped = (typed: string): string => {
  const text = typed.trim();
  const named = address.test(text) ? (URL.parse(text)?.host ?? text) : text;
  return ascii.test(named) ? named : (URL.parse(`https://${named}`)?.host ?? named);
};

/** The same as a rule. */
export const readTypedHost = (typed: string): ReadHostRule => readHostRule(hostTyped(typed));
