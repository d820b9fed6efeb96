import * as dns from "node:dns/promises";
import { BlockList, isIPv6 } from "node:net";

/** Addresses that belong to this machine, its networks or its cloud; an allowed name may not resolve to them. */
const blocked = new BlockList();
for (const [network, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
] as const) {
  blocked.addSubnet(network, bits, "ipv4");
}
// Addresses of the form ::ffff:a.b.c.d are judged by the list above.
for (const [network, bits] of [
  ["::", 96],
  ["64:ff9b::", 96],
  ["2002::", 16],
  ["fc00::", 7],
  ["fe80::", 10],
  ["ff00::", 8],
] as const) {
  blocked.addSubnet(network, bits, "ipv6");
}

export const isPublicAddress = (address: string): boolean => !blocked.check(address, isIPv6(address) ? "ipv6" : "ipv4");

/**
 * Resolves a name once; the caller connects to the answer, so that a second, different answer is never used.
 * Undefined when the name does not resolve or resolves to an address that is not public.
 */
export const findPublicAddress = async (host: string): Promise<string | undefined> => {
  const addresses = await dns.lookup(host, { all: true }).catch(() => []);
  return addresses.every(({ address }) => isPublicAddress(address)) ? addresses[0]?.address : undefined;
};
