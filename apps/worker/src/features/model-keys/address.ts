import { isLocalName, readHostRule } from "@threadbox/contracts/host-rules";
import { modelKeyLimits } from "@threadbox/contracts/model-key-limits";

/** Why an address isn't taken. `scheme`: not https; `host`: no public host's name on its usual port; `more`: a user, a query. */
export type AddressProblem = "address" | "scheme" | "host" | "more";

/** An address that may be asked, without a slash at the end. `isOperators`: in the operator's own network. */
export type ReadAddress =
  | { readonly url: string; readonly host: string; readonly isOperators: boolean }
  | { readonly problem: AddressProblem };

/**
 * What a user has typed as the address of a model API. `operators`: hosts (`name:port`) that the operator vouches for, which
 * may be anywhere and without encryption; any other must be a host's public name, by https, on its usual port. Where the
 * name leads is judged at each connection.
 */
export const readAddress = (typed: string, operators: readonly string[]): ReadAddress => {
  const url = URL.parse(typed.slice(0, modelKeyLimits.addressLengthMax).trim());
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) return { problem: "address" };
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") return { problem: "more" };
  const host = url.host.toLowerCase();
  const read = { url: `${url.origin}${url.pathname}`.replace(/\/+$/, ""), host };
  if (operators.includes(host)) return { ...read, isOperators: true };
  if (url.protocol !== "https:") return { problem: "scheme" };
  const rule = readHostRule(host);
  const isName = "rule" in rule && rule.rule === host && !host.startsWith("*") && !isLocalName(host);
  return isName ? { ...read, isOperators: false } : { problem: "host" };
};
