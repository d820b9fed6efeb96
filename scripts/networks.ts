import { getCACertificates } from "node:tls";

const trust = { trustBrowserCas: true, trustedCertificates: getCACertificates("extra") };

/** The worker's ways out on this machine. */
export const networks = {
  /** To what the operator has named, wherever it is. */
  OUTBOUND: { network: { allow: ["public", "private"], tlsOptions: trust } },
  /** To what users have named: an address is judged when it is connected to, whatever its name was. */
  PUBLIC_OUTBOUND: { network: { allow: ["public"], tlsOptions: trust } },
};

const entry = /^([a-z0-9._-]+)=(\d{1,3}(?:\.\d{1,3}){3}:\d{1,5})$/;

/**
 * A way of its own to each host of `EGRESS_ADDRESSES`, whatever its name resolves to here: as the sandbox host's tunnels go
 * (`host=10.0.0.5:8443,other=…`). `bindings` say which way leads to which host.
 */
export const namedWays = (addresses: string, tlsOptions: typeof trust = trust) => {
  const named = addresses.split(",").flatMap((each, at) => {
    const [, host, address] = entry.exec(each.trim()) ?? [];
    return host === undefined || address === undefined ? [] : [{ host, address, binding: `OUTBOUND_${at}` }];
  });
  return {
    serviceBindings: Object.fromEntries(
      named.map(({ host, address, binding }) => [
        binding,
        { external: { address, https: { tlsOptions, certificateHost: host } } },
      ]),
    ),
    bindings: { OUTBOUND_HOSTS: Object.fromEntries(named.map(({ host, binding }) => [host, binding])) },
  };
};
