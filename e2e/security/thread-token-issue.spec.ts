import { generateKeyPair, SignJWT } from "jose";
import { doorTest as test } from "../support/door.ts";
import { expect } from "../support/fixtures.ts";
import { bearer } from "../support/raw-request.ts";
import { assembleToken, claimsOf } from "../support/thread-token.ts";

test("the web server issues a token for one's own thread only, and tells no more of others than of none", async ({
  door,
}) => {
  const own = await door.askForToken(door.openThread, bearer(door.accessToken));
  expect(own.status).toBe(200);
  expect(own.headers["cache-control"]).toContain("no-store");
  expect(claimsOf(JSON.parse(own.text).token)).toMatchObject({ thread_id: door.openThread, user_id: door.userId });

  const withoutRequestId = (body: string) => ({ ...JSON.parse(body).error, requestId: "" });
  const others = await door.askForToken(door.othersThread, bearer(door.accessToken));
  const nobodys = await door.askForToken(door.othersThread.replace(/.{8}$/, "00000000"), bearer(door.accessToken));
  expect(others.status).toBe(404);
  expect(withoutRequestId(others.text)).toEqual({
    _tag: "NotFound",
    message: "This thread doesn't exist, or you don't have access.",
    requestId: "",
    retryable: false,
  });
  expect(nobodys.status).toBe(404);
  expect(withoutRequestId(nobodys.text)).toEqual(withoutRequestId(others.text));
});

test("the web server issues nothing to a forged login session", async ({ door }) => {
  const claims = claimsOf(door.accessToken);
  const { privateKey } = await generateKeyPair("RS256");
  const forged = await new SignJWT({ ...claims }).setProtectedHeader({ alg: "RS256", typ: "JWT" }).sign(privateKey);
  const [header = "", payload = "", signature = ""] = door.accessToken.split(".");
  const asOther = Buffer.from(JSON.stringify({ ...claims, sub: door.otherUserId })).toString("base64url");
  const rows: Readonly<Record<string, Record<string, string>>> = {
    "no token": {},
    "a cookie": { cookie: `access_token=${door.accessToken}` },
    "no signature": bearer(assembleToken({ alg: "none", typ: "JWT" }, claims)),
    "another key": bearer(forged),
    "another subject": bearer(`${header}.${asOther}.${signature}`),
    "another scheme": { authorization: `Basic ${door.accessToken}` },
    "two tokens": { authorization: `Bearer ${door.accessToken}, Bearer ${door.accessToken}` },
    rubbish: bearer(payload),
  };
  for (const [name, headers] of Object.entries(rows)) {
    const { status, text: body } = await door.askForToken(door.openThread, headers);
    expect({ name, status, body }).toMatchObject({ status: 401 });
    expect(JSON.parse(body).error._tag).toMatch(/^Token(Missing|Malformed|Invalid)$/);
  }
});
