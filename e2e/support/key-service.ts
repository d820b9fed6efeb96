import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { keyService } from "./addresses.ts";

const subject = `/CN=${keyService.host}`;
const request = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];

/** Of a run: made before the installation starts, which reads it then. */
export const makeKeyServiceCertificate = (): void => {
  const files = ["-keyout", keyService.key, "-out", keyService.certificate];
  const names = ["-subj", subject, "-addext", `subjectAltName=DNS:${keyService.host}`];
  execFileSync("openssl", [...request, ...files, ...names], { stdio: "ignore" });
};

/** A service on the internet that takes one key. */
export interface KeyService {
  /** Answers 200 to the key it takes, as Bearer, and 401 to any other. */
  readonly url: string;
  /** From now on it takes this key alone. */
  take(key: string): void;
  readonly stop: () => Promise<void>;
}

export const startKeyService = async (): Promise<KeyService> => {
  let taken = "";
  const tls = { key: readFileSync(keyService.key), cert: readFileSync(keyService.certificate) };
  const server = createServer(tls, (asked, response) => {
    response.writeHead(asked.headers.authorization === `Bearer ${taken}` ? 200 : 401).end();
  });
  await new Promise<void>((resolve) => server.listen(keyService.port, "127.0.0.1", resolve));
  return {
    url: `https://${keyService.host}/me`,
    take: (key) => {
      taken = key;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
