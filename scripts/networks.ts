import { getCACertificates } from "node:tls";

const tlsOptions = { trustBrowserCas: true, trustedCertificates: getCACertificates("extra") };

/** The worker's ways out on this machine. */
export const networks = {
  /** To what the operator has named, wherever it is. */
  OUTBOUND: { network: { allow: ["public", "private"], tlsOptions } },
  /** To what users have named: an address is judged when it is connected to, whatever its name was. */
  PUBLIC_OUTBOUND: { network: { allow: ["public"], tlsOptions } },
};
