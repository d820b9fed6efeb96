import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { type Child, startProgram } from "./child.ts";
import { peerToken } from "./peer.ts";

/** A running peer and the token that it lets in. */
export interface Peer {
  readonly child: Child;
  readonly origin: string;
  readonly authorization: string;
}

export const issuePeerToken = async () => {
  const { privateKey, publicKey } = await generateKeyPair(peerToken.alg);
  const kid = "bench";
  const token = await new SignJWT({ sub: "bench" })
    .setProtectedHeader({ alg: peerToken.alg, kid })
    .setIssuer(peerToken.issuer)
    .setAudience(peerToken.audience)
    .setIssuedAt()
    .setExpirationTime("2h")
    .sign(privateKey);
  return { token, jwks: { keys: [{ ...(await exportJWK(publicKey)), kid, alg: peerToken.alg, use: "sig" }] } };
};

/** Starts the peer in front of a target; `authorization` is what the target is shown in place of the caller's token. */
export const startPeer = async (target: string, authorization = ""): Promise<Peer> => {
  const { token, jwks } = await issuePeerToken();
  const { child, origin } = await startProgram(new URL("./peer.ts", import.meta.url).pathname, {
    PEER_TARGET: target,
    PEER_JWKS: JSON.stringify(jwks),
    PEER_AUTHORIZATION: authorization,
  });
  return { child, origin, authorization: `Bearer ${token}` };
};
