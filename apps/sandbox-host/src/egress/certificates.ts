import "reflect-metadata";
import { webcrypto } from "node:crypto";
import * as tls from "node:tls";
import * as x509 from "@peculiar/x509";
import { type Authority, newSerial } from "./authority.ts";

/** How a host is shown to a program inside, whose connection ends here. */
export type FindCertificate = (host: string) => Promise<tls.SecureContext>;

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const dayMs = 24 * 3_600_000;
/** Clients refuse certificates that are good for longer than some months. */
const lifetimeMs = 30 * dayMs;
const keptMax = 256;

interface Kept {
  readonly context: Promise<tls.SecureContext>;
  /** Milliseconds since 1970. */
  readonly until: number;
}

const issue = async (authority: Authority, host: string, now: number): Promise<tls.SecureContext> => {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: newSerial(),
    // A name longer than 64 letters does not fit here; clients look at the alternative name.
    subject: "CN=Threadbox egress",
    issuer: authority.certificate.subject,
    notBefore: new Date(now - dayMs),
    notAfter: new Date(now + lifetimeMs),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: authority.key,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([{ type: "dns", value: host }]),
      await x509.AuthorityKeyIdentifierExtension.create(authority.certificate.publicKey),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const key = x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY");
  return tls.createSecureContext({ cert: certificate.toString("pem"), key, minVersion: "TLSv1.2" });
};

/** Certificates are made when they are first asked for, and kept: the last few hundred hosts. */
export const certificatesOf = (authority: Authority, now: () => number): FindCertificate => {
  const kept = new Map<string, Kept>();
  return (host) => {
    const known = kept.get(host);
    kept.delete(host);
    const isGood = known !== undefined && known.until > now();
    const found = isGood ? known : { context: issue(authority, host, now()), until: now() + lifetimeMs / 2 };
    kept.set(host, found);
    found.context.catch(() => kept.delete(host));
    for (const oldest of kept.keys()) {
      if (kept.size <= keptMax) break;
      kept.delete(oldest);
    }
    return found.context;
  };
};
