import { tunnelPort } from "./decision.ts";
import { findPublicAddress } from "./public-address.ts";

/** Where the bytes of a tunnel go. */
export interface TunnelTarget {
  readonly address: string;
  readonly port: number;
}

/** Where to connect to for a host that may be reached; undefined: it has no address that a tunnel may lead to. */
export type FindTarget = (host: string) => Promise<TunnelTarget | undefined>;

/** A public address, but for hosts of which the operator has said where they are. */
export const findTargetIn =
  (addresses: ReadonlyMap<string, TunnelTarget>): FindTarget =>
  async (host) => {
    const known = addresses.get(host);
    if (known !== undefined) return known;
    const address = await findPublicAddress(host);
    return address === undefined ? undefined : { address, port: tunnelPort };
  };

const entry = /^([a-z0-9._-]+)=(\d{1,3}(?:\.\d{1,3}){3}):(\d{1,5})$/;

/** `host=10.0.0.5:8443,other=…`; null where it is not that. */
export const readTargets = (text: string): ReadonlyMap<string, TunnelTarget> | null => {
  const targets = new Map<string, TunnelTarget>();
  for (const each of text.split(",")) {
    const [, host, address, port] = entry.exec(each.trim()) ?? [];
    if (host === undefined || address === undefined || Number(port) < 1 || Number(port) > 65_535) return null;
    targets.set(host, { address, port: Number(port) });
  }
  return targets;
};
