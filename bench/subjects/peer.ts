/**
 * The proxy that people usually reach for, as a program: http-proxy-middleware behind a JWT check by jose, on Node.
 * PEER_TARGET is the origin to forward to, PEER_JWKS the public keys, PEER_AUTHORIZATION what the target is shown
 * instead of the caller's token (nothing when empty). Prints `{"port":…}` when it listens.
 */
import { createServer, type IncomingMessage } from "node:http";
import { createProxyMiddleware } from "http-proxy-middleware";
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";
import { listenAndTell } from "./listen.ts";

export interface PeerOptions {
  readonly target: string;
  readonly jwks: JSONWebKeySet;
  readonly authorization: string;
}

export const peerToken = { alg: "ES256", issuer: "threadbox-bench", audience: "threadbox-bench-peer" } as const;

export const peerServer = ({ target, jwks, authorization }: PeerOptions) => {
  const keys = createLocalJWKSet(jwks);
  const isAdmitted = async (request: IncomingMessage): Promise<boolean> => {
    const [scheme, token = ""] = (request.headers.authorization ?? "").split(" ");
    if (scheme !== "Bearer") return false;
    try {
      await jwtVerify(token, keys, {
        issuer: peerToken.issuer,
        audience: peerToken.audience,
        algorithms: [peerToken.alg],
      });
      return true;
    } catch {
      return false;
    }
  };
  const headers = authorization === "" ? {} : { headers: { authorization } };
  const proxy = createProxyMiddleware({ target, changeOrigin: true, ws: false, ...headers });
  const server = createServer(async (request, response) => {
    if (await isAdmitted(request)) await proxy(request, response);
    else response.writeHead(401).end();
  });
  server.on("upgrade", async (request, socket, head) => {
    // An upgraded connection is a net.Socket on every server that node:http makes.
    if (await isAdmitted(request)) proxy.upgrade(request, socket as Parameters<typeof proxy.upgrade>[1], head);
    else socket.end("HTTP/1.1 401 Unauthorized\r\n\r\n");
  });
  return server;
};

if (import.meta.main) {
  const { PEER_TARGET = "", PEER_JWKS = "", PEER_AUTHORIZATION = "" } = process.env;
  await listenAndTell(
    peerServer({
      target: PEER_TARGET,
      jwks: JSON.parse(PEER_JWKS) as JSONWebKeySet,
      authorization: PEER_AUTHORIZATION,
    }),
  );
}
