import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { afterAll, beforeAll, expect, test } from "vitest";
import { namedWays, networks } from "./networks.ts";

const folder = mkdtempSync(join(tmpdir(), "threadbox-networks-"));
const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
const names = ["-subj", "/CN=mirror.test", "-addext", "subjectAltName=DNS:mirror.test"];
const made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
execFileSync("openssl", [...made, "-keyout", key, "-out", certificate, ...names], { stdio: "ignore" });
const mirror = createTlsServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (request, response) => {
  response.end(`${request.headers.host} ${request.url}`);
});
const inside = createServer((_, response) => void response.end("inside"));
/** Asks the way that the request names for the address that it names. */
const script = `export default { async fetch(request, env) {
  const { way, address } = await request.json();
  try { return new Response(await (await env[way].fetch(address)).text()); } catch { return new Response("refused"); }
} }`;
let miniflare: Miniflare;

beforeAll(async () => {
  await Promise.all(
    [inside, mirror].map((server) => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))),
  );
  const at = `127.0.0.1:${(mirror.address() as AddressInfo).port}`;
  const trust = { trustBrowserCas: false, trustedCertificates: [readFileSync(certificate, "utf8")] };
  const named = namedWays(`mirror.test=${at}, impostor.test=${at}`, trust);
  const serviceBindings = { ...networks, ...named.serviceBindings };
  const worker = { name: "asks", modules: true, script, compatibilityDate: "2026-08-01", serviceBindings };
  miniflare = new Miniflare(convertV4MiniflareOptions({ workers: [worker] }));
  await miniflare.ready;
});
afterAll(async () => {
  await miniflare.dispose();
  inside.close();
  mirror.close();
  rmSync(folder, { recursive: true, force: true });
});

const askBy = async (way: string, address: string): Promise<string> => {
  const body = JSON.stringify({ way, address });
  return (await miniflare.dispatchFetch("http://worker.test/", { method: "POST", body })).text();
};
const ask = (way: keyof typeof networks, host: string): Promise<string> =>
  askBy(way, `http://${host}:${(inside.address() as AddressInfo).port}/`);

test("what a user has named leads to public addresses alone, by whatever name it is called", async () => {
  expect(await ask("OUTBOUND", "127.0.0.1")).toBe("inside");
  for (const host of ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433"])
    expect({ host, answer: await ask("PUBLIC_OUTBOUND", host) }).toEqual({ host, answer: "refused" });
});

test("a host of which the operator has said where it is is asked there, and has to show that it is that host", async () => {
  const { OUTBOUND_HOSTS } = namedWays("mirror.test=127.0.0.1:1, impostor.test=127.0.0.1:1").bindings;
  const of = (host: string) => askBy(OUTBOUND_HOSTS[host] ?? "", `https://${host}/file?a=1`);
  expect(await of("mirror.test")).toBe("mirror.test /file?a=1");
  expect(await of("impostor.test")).toBe("refused");
});
