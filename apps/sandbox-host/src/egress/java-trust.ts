import { createHash, X509Certificate } from "node:crypto";

const magic = 0xfeedfeed;
const version = 2;
const trustedCertificate = 2;
/** What Java's own trust store is checked with; it protects nothing, and nothing here is secret. */
const password = "changeit";

const u4 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const u8 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
};
/** Text as Java writes it, in letters of ASCII. */
const utf = (text: string): Buffer => {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(text.length);
  return Buffer.concat([length, Buffer.from(text, "latin1")]);
};

/**
 * Certificates (PEM) as a key store of Java's (`JKS`), which reads no other form of them. `now` in milliseconds since 1970. Those
 * that Node can't read are left out.
 */
export const javaTrust = (certificates: readonly string[], now: number): Buffer => {
  const read = certificates.flatMap((pem) => {
    try {
      return [new X509Certificate(pem).raw];
    } catch {
      return [];
    }
  });
  const entries = read.flatMap((der, index) => [
    ...[u4(trustedCertificate), utf(`ca-${index}`), u8(now), utf("X.509")],
    ...[u4(der.length), der],
  ]);
  const data = Buffer.concat([u4(magic), u4(version), u4(read.length), ...entries]);
  const salted = [Buffer.from(password, "utf16le").swap16(), Buffer.from("Mighty Aphrodite"), data];
  return Buffer.concat([data, createHash("sha1").update(Buffer.concat(salted)).digest()]);
};
