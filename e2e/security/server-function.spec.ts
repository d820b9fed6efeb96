import { main } from "../stack/addresses.ts";
import { expect, test } from "../stack/fixtures.ts";
import { rawRequest } from "../stack/raw-request.ts";

test("a server function that is asked for nonsense says so in the wire's form, without a word of its insides", async () => {
  const headers = {
    origin: main.appOrigin,
    "sec-fetch-site": "same-origin",
    "x-tsr-serverfn": "true",
    "content-type": "application/json",
  };
  const bodies = [
    "",
    "{",
    "null",
    "[]",
    '"x"',
    '{"__proto__":{"data":1}}',
    `${"[".repeat(10_000)}`,
    "x".repeat(200_000),
  ];
  const attempts = [
    { name: "an unknown function", path: "/_serverFn/nothing", body: "{}" },
    { name: "a member of objects", path: "/_serverFn/__proto__", body: "{}" },
    ...bodies.map((body) => ({
      name: `${body.slice(0, 30)} (${body.length})`,
      path: "/_serverFn/issueThreadToken",
      body,
    })),
  ];
  for (const { name, path, body } of attempts) {
    const { status, text } = await rawRequest(main.appOrigin, { method: "POST", path, headers, body });
    expect({ name, status, text: text.slice(0, 300) }).toMatchObject({
      text: expect.stringMatching(/^\{"error":\{"_tag":/),
    });
    const { error } = JSON.parse(text);
    expect({ name, ...error }).toMatchObject({ requestId: expect.any(String), retryable: expect.any(Boolean) });
    expect(text).not.toMatch(/server function|seroval|JSON|node_modules|\.ts|\.js/i);
  }
});
