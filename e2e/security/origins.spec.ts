import { main } from "../support/addresses.ts";
import { doorTest as test } from "../support/door.ts";
import { expect } from "../support/fixtures.ts";
import { bearer, rawRequest, upgradeHeaders } from "../support/raw-request.ts";
import { restartUrl, signThreadToken } from "../support/thread-token.ts";

test("A25: a socket opens for the app's own origin only, whatever token it shows", async ({ door }) => {
  const token = await signThreadToken(door.openThread, door.userId);
  const { host } = new URL(main.appOrigin);
  const address = `${main.workerUrl}/agents/chat/${door.openThread}?token=${token}`;
  const foreign = [
    "https://evil.test",
    "null",
    `http://${host}.evil.test`,
    "http://localhost:9999",
    "http://threadbox.localhost",
    main.workerUrl,
    `https://${host}`,
    "",
  ];
  for (const origin of [...foreign, null]) {
    const headers = { ...upgradeHeaders, ...(origin === null ? {} : { origin }) };
    const { status, text: body } = await rawRequest(address, { headers });
    expect({ origin, status, body: JSON.parse(body) }).toMatchObject({
      status: 403,
      body: { error: { _tag: "OriginRejected" } },
    });
  }
});

test("A26: a form of another site changes nothing", async ({ door }) => {
  const token = await signThreadToken(door.openThread, door.userId);
  const forms = [
    { origin: "https://evil.test", "content-type": "text/plain" },
    { origin: "null", "content-type": "application/x-www-form-urlencoded" },
    { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "content-type": "text/plain" },
    { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" },
  ];
  for (const headers of forms) {
    const { status, text: body } = await rawRequest(restartUrl(door.openThread), {
      method: "POST",
      headers: { ...headers, ...bearer(token) },
    });
    expect({ status, body: JSON.parse(body) }).toMatchObject({
      status: 403,
      body: { error: { _tag: "CsrfRejected" } },
    });
  }
});

test("A27: a preflight from elsewhere is granted nothing, and nobody is granted credentials", async ({ door }) => {
  const paths = [
    `/api/sandbox/${door.thread}/restart`,
    `/agents/chat/${door.thread}`,
    "/api/model",
    "/internal/model/v1/models",
    "/internal/secrets",
    "/api/internal/secrets/NAME",
    "/internal/egress/decision",
    "/internal/egress/call",
    "/api/admin/secrets",
    "/health",
    "/nowhere",
  ];
  const preflight = (path: string, origin: string, method: string) =>
    rawRequest(`${main.workerUrl}${path}`, {
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": method,
        "access-control-request-headers": "authorization, content-type, x-anything",
      },
    });
  for (const path of paths) {
    for (const origin of ["https://evil.test", "null", `${main.appOrigin}.evil.test`, "http://localhost:9999"]) {
      for (const method of ["GET", "POST", "PUT", "DELETE", "PATCH"]) {
        const { headers } = await preflight(path, origin, method);
        expect(
          Object.keys(headers).filter((name) => name.startsWith("access-control-")),
          path,
        ).toEqual([]);
      }
    }
    const { headers } = await preflight(path, main.appOrigin, "POST");
    expect([undefined, main.appOrigin]).toContain(headers["access-control-allow-origin"]);
    expect(headers["access-control-allow-credentials"]).toBeUndefined();
  }
  const granted = await preflight(`/api/sandbox/${door.thread}/restart`, main.appOrigin, "POST");
  expect(granted.headers["access-control-allow-origin"]).toBe(main.appOrigin);
});

test("A28: only POST restarts a sandbox, whatever another method claims to be", async ({ door }) => {
  const token = await signThreadToken(door.openThread, door.userId);
  for (const method of ["GET", "HEAD", "PUT", "DELETE", "PATCH"]) {
    const headers = { ...bearer(token), "x-http-method-override": "POST" };
    expect((await rawRequest(restartUrl(door.openThread), { method, headers })).status).toBe(405);
  }
});
