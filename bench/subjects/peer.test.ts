import { createServer } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listen } from "./listen.ts";
import { peerServer } from "./peer.ts";
import { issuePeerToken } from "./peer-door.ts";

const seen: (string | undefined)[] = [];
const target = createServer((request, response) => {
  seen.push(request.headers.authorization);
  response.end("from the target");
});
let origin: string;
let token: string;
let stop: () => void;
beforeAll(async () => {
  const issued = await issuePeerToken();
  token = issued.token;
  const peer = peerServer({
    target: `http://127.0.0.1:${await listen(target)}`,
    jwks: issued.jwks,
    authorization: "Basic of-the-target",
  });
  origin = `http://127.0.0.1:${await listen(peer)}`;
  stop = () => peer.close();
});
afterAll(() => {
  stop();
  target.close();
});

describe("the peer", () => {
  test("forwards for a holder of its token and shows the target its own authorization", async () => {
    const response = await fetch(origin, { headers: { authorization: `Bearer ${token}` } });
    expect(await response.text()).toBe("from the target");
    expect(seen).toEqual(["Basic of-the-target"]);
  });

  test("forwards nothing without a token that it can verify", async () => {
    const stranger = await issuePeerToken();
    for (const authorization of ["", "Bearer nonsense", `Bearer ${stranger.token}`, `Basic ${token}`]) {
      expect((await fetch(origin, { headers: { authorization } })).status).toBe(401);
    }
    expect(seen).toHaveLength(1);
  });
});
