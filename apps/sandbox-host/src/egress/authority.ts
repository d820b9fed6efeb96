import "reflect-metadata";
import { createPrivateKey, createPublicKey, randomBytes, webcrypto } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import * as tls from "node:tls";
import * as x509 from "@peculiar/x509";
import writeFileAtomic from "write-file-atomic";
import { javaTrust } from "./java-trust.ts";

/** The certificate authority that sandboxes of this host believe, beside those that everybody believes. */
export interface Authority {
  readonly certificate: x509.X509Certificate;
  readonly key: webcrypto.CryptoKey;
  /** Folder of the files that a sandbox sees; nothing else is in it. */
  readonly publicFolder: string;
}

/** What a sandbox sees: our certificate alone, and with all that the machine and Node believe, also in Java's form. */
export const authorityFiles = { certificate: "authority.pem", bundle: "bundle.pem", java: "java.jks" } as const;

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const yearMs = 365 * 24 * 3_600_000;
const lifetimeMs = 10 * yearMs;
/** A clock inside may be behind ours, and one of a year ago made what is on disk. */
const backdatedMs = 24 * 3_600_000;

/** Twenty bytes at most, and positive, as RFC 5280 wants it. */
export const newSerial = (): string => `01${randomBytes(15).toString("hex")}`;

const makeAuthority = async (now: number): Promise<{ readonly certificate: string; readonly key: string }> => {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    // The name tells nobody which machine this is; no two authorities have the same.
    name: `CN=Threadbox egress ${randomBytes(4).toString("hex")}, O=Threadbox`,
    notBefore: new Date(now - backdatedMs),
    notAfter: new Date(now + lifetimeMs),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const key = x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY");
  return { certificate: certificate.toString("pem"), key };
};

const read = (file: string): Promise<string | undefined> => fs.readFile(file, "utf8").catch(() => undefined);

/** Reads the authority of this state folder, or makes one at the first start, after its end, and where half is gone. */
export const openAuthority = async (stateDirectory: string, now: number): Promise<Authority> => {
  const folder = path.join(stateDirectory, "authority");
  const publicFolder = path.join(folder, "public");
  await fs.mkdir(folder, { recursive: true, mode: 0o700 });
  await fs.mkdir(publicFolder, { recursive: true, mode: 0o755 });
  const keyFile = path.join(folder, "key.pem");
  const certificateFile = path.join(publicFolder, authorityFiles.certificate);
  const load = async (pem: { readonly certificate: string; readonly key: string }): Promise<Authority> => {
    const certificate = new x509.X509Certificate(pem.certificate);
    const spki = createPublicKey(pem.key).export({ type: "spki", format: "der" });
    if (!spki.equals(Buffer.from(certificate.publicKey.rawData))) throw new Error("The key is another certificate's.");
    const pkcs8 = createPrivateKey(pem.key).export({ type: "pkcs8", format: "der" });
    return {
      certificate,
      key: await webcrypto.subtle.importKey("pkcs8", pkcs8, algorithm, false, ["sign"]),
      publicFolder,
    };
  };
  const [key, certificate] = [await read(keyFile), await read(certificateFile)];
  const known = key && certificate ? await load({ key, certificate }).catch(() => undefined) : undefined;
  const isGood = known !== undefined && known.certificate.notAfter.getTime() - yearMs > now;
  const pem = isGood && certificate ? undefined : await makeAuthority(now);
  if (pem !== undefined) {
    await writeFileAtomic(keyFile, pem.key, { mode: 0o600 });
    await writeFileAtomic(certificateFile, pem.certificate, { mode: 0o644 });
  }
  const authority = pem === undefined ? known : await load(pem);
  if (authority === undefined) throw new Error("The certificate authority was not made.");
  const ours = authority.certificate.toString("pem");
  const believed = new Set([...tls.getCACertificates("system"), ...tls.rootCertificates, ours]);
  const bundle = [...believed].map((each) => `${each.trim()}\n`).join("");
  await writeFileAtomic(path.join(publicFolder, authorityFiles.bundle), bundle, { mode: 0o644 });
  await writeFileAtomic(path.join(publicFolder, authorityFiles.java), javaTrust([...believed], now), { mode: 0o644 });
  return authority;
};
