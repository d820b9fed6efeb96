import { readSecretHost } from "@threadbox/contracts/host-rules";
import { secretLimits } from "@threadbox/contracts/secret-limits";
import type { SecretProbe, SecretUsage } from "@threadbox/contracts/secrets";
import type { NamedHostsConfig } from "../../config.ts";
import { type VaultRefusal, vaultRefused } from "./errors.ts";

/** What a header takes without changing or splitting it. */
const headerText = /^[\x21-\x7e]+$/;

/** Why a value is not taken; null: it is. */
export const refuseValue = (value: string, usage: SecretUsage): VaultRefusal | null => {
  if (value === "") return "empty";
  if (new TextEncoder().encode(value).byteLength > secretLimits.valueBytesMax) return "tooLong";
  return usage !== "env" && !headerText.test(value) ? "notForHeaders" : null;
};

/** The same for the moment at which it expires. */
export const refuseExpiry = (expiresAt: number | null | undefined, now: number): VaultRefusal | null =>
  typeof expiresAt === "number" && expiresAt <= now ? "past" : null;

/** Each host once, in the form in which it is kept. Throws, naming it, where one may hold no secret. */
export const readHosts = (hosts: readonly string[], usage: SecretUsage, named: NamedHostsConfig): readonly string[] => {
  const read = hosts.map((typed) => {
    const found = readSecretHost(typed, usage === "egress" ? named.egress : named.all);
    if ("problem" in found) throw vaultRefused("unfitHost", typed);
    return found.host;
  });
  return [...new Set(read)];
};

/** A secret that is put into requests of sandboxes is good at named hosts alone. */
export const refuseHosts = (hosts: readonly string[], usage: SecretUsage): VaultRefusal | null =>
  usage === "egress" && hosts.length === 0 ? "unbound" : null;

/** A probe sends the value to one of the secret's own hosts, and nowhere else. */
export const refuseProbe = (probe: SecretProbe | null, hosts: readonly string[]): VaultRefusal | null => {
  if (probe === null) return null;
  const url = URL.parse(probe.url);
  if (url === null || !hosts.includes(url.host)) return "probeElsewhere";
  const needsName = probe.placement === "header" || probe.placement === "query";
  return needsName && probe.placedIn === "" ? "probeUnplaced" : null;
};
