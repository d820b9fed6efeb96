/**
 * What a proxy for programs costs that decides nothing: `CONNECT`, and then either the bytes as they are (`relay`), or the
 * encryption ended here and each request asked of the host anew (`end`); or everything passed on to another such proxy (`pass`).
 * Way and address of the one host, or of that proxy: `PROXY_WAY` and `PROXY_UPSTREAM`; key and certificate: files that
 * `TLS_KEY` and `TLS_CERT` name.
 */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { Agent, request as ask, createServer as createTlsServer } from "node:https";
import { connect } from "node:net";
import { pipeline } from "node:stream";
import { listenAndTell } from "./listen.ts";

const { PROXY_WAY = "relay", PROXY_UPSTREAM = "", TLS_KEY = "", TLS_CERT = "" } = process.env;
const upstreamPort = Number(PROXY_UPSTREAM.split(":")[1]);
const agent = new Agent({ keepAlive: true, rejectUnauthorized: false });

const ending = createTlsServer({ key: readFileSync(TLS_KEY), cert: readFileSync(TLS_CERT) }, (request, response) => {
  const { method, url: path, headers } = request;
  const upstream = ask({ host: "127.0.0.1", port: upstreamPort, method, path, headers, agent }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers).flushHeaders();
    pipeline(answer, response, () => {});
  });
  upstream.on("error", () => response.destroy());
  pipeline(request, upstream, () => {});
});

const toUpstream = () => connect({ host: "127.0.0.1", port: upstreamPort, noDelay: true });
const server = createServer();
if (PROXY_WAY === "pass") {
  server.removeAllListeners("connection");
  server.on("connection", (client) => pipeline(client, toUpstream(), client, () => {}));
}
server.on("connect", (_, client) => {
  client.write("HTTP/1.1 200 OK\r\n\r\n");
  if (PROXY_WAY === "end") {
    ending.emit("connection", client);
    return;
  }
  pipeline(client, toUpstream(), client, () => {});
});
await listenAndTell(server);
