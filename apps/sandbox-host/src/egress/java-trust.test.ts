import { execFileSync, spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { rootCertificates } from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import { javaTrust } from "./java-trust.ts";

const folder = () => {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), "threadbox-java-"));
  onTestFinished(() => fs.rmSync(made, { recursive: true }));
  return made;
};
const hasJava = spawnSync("keytool", ["-help"]).error === undefined;

test("a trust store holds each certificate once, byte for byte, and what is none is left out", () => {
  const [first = "", second = ""] = rootCertificates;
  const store = javaTrust([first, "no certificate", second], 1_800_000_000_000);
  expect(store.readUInt32BE(0)).toBe(0xfeedfeed);
  expect(store.readUInt32BE(8)).toBe(2);
  for (const pem of [first, second]) expect(store.includes(new X509Certificate(pem).raw)).toBe(true);
});

test.runIf(hasJava)("Java reads it, and believes it", () => {
  const file = path.join(folder(), "java.jks");
  const certificates = rootCertificates.slice(0, 3);
  fs.writeFileSync(file, javaTrust(certificates, 1_800_000_000_000));
  const listed = execFileSync("keytool", ["-list", "-keystore", file, "-storetype", "JKS", "-storepass", "changeit"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const prints = listed.match(/(?:[0-9A-F]{2}:){31}[0-9A-F]{2}/g);
  expect(prints?.sort()).toEqual(certificates.map((pem) => new X509Certificate(pem).fingerprint256).sort());
});
