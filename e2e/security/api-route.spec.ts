import { readFileSync } from "node:fs";
import { join } from "node:path";
import { webApi } from "@threadbox/contracts/web-api";
import { main } from "../support/addresses.ts";
import { expect, test } from "../support/fixtures.ts";
import { rawRequest } from "../support/raw-request.ts";

const headers = {
  origin: main.appOrigin,
  "sec-fetch-site": "same-origin",
  "content-type": "application/json",
};
const issue = webApi.issueThreadToken.path;

interface Attempt {
  readonly status: number;
  readonly path?: string;
  readonly method?: string;
  readonly type?: string;
  readonly body?: string;
}

interface Refusal {
  readonly requestId: string;
  readonly tag: string;
}

const attempts: Readonly<Record<string, Attempt>> = {
  "an unknown route": { path: "/api/nothing", status: 404 },
  "a member of objects": { path: "/api/__proto__", status: 404 },
  "no route": { path: "/api/", status: 404 },
  "a function of the framework's": { path: "/_serverFn/issueThreadToken", status: 404 },
  "another method": { method: "GET", status: 405 },
  "a method that nothing here has": { method: "PUT", status: 405 },
  "a page": { path: "/", status: 405 },
  "another type": { type: "text/plain", status: 415 },
  "a form": { type: "application/x-www-form-urlencoded", body: "a=b", status: 415 },
  "no body": { body: "", status: 400 },
  "half a body": { body: "{", status: 400 },
  null: { body: "null", status: 400 },
  "a list": { body: "[]", status: 400 },
  "a string": { body: '"x"', status: 400 },
  "a prototype": { body: '{"__proto__":{"threadId":1}}', status: 401 },
  "depth without end": { body: "[".repeat(10_000), status: 400 },
  "a body that is too long": { body: "x".repeat(200_000), status: 413 },
  "nobody's call": { body: '{"threadId":"abc"}', status: 401 },
};

const webLog = () => readFileSync(join(main.home, "logs/web.log"), "utf8");

test("a route of the web server that is asked for nonsense says so in the wire's form, and the log has one line of it", async () => {
  const before = webLog().length;
  const refusals: Refusal[] = [];
  for (const [name, { path = issue, method = "POST", type, body = "{}", status }] of Object.entries(attempts)) {
    const answer = await rawRequest(main.appOrigin, {
      method,
      path,
      headers: type === undefined ? headers : { ...headers, "content-type": type },
      ...(method === "GET" ? {} : { body }),
    });
    expect({ name, status: answer.status, text: answer.text.slice(0, 300) }).toMatchObject({
      status,
      text: expect.stringMatching(/^\{"error":\{"_tag":/),
    });
    const { error } = JSON.parse(answer.text);
    expect({ name, ...error }).toMatchObject({ requestId: expect.any(String), retryable: false });
    expect(answer.text).not.toMatch(/server function|seroval|node_modules|\.ts|\.js/i);
    refusals.push({ requestId: error.requestId, tag: error._tag });
  }
  const linesSince = () => webLog().slice(before).trim().split("\n");
  const linesOf = ({ requestId }: Refusal) => linesSince().filter((line) => line.includes(requestId));
  await expect.poll(() => refusals.map((refusal) => linesOf(refusal).length)).toEqual(refusals.map(() => 1));
  for (const refusal of refusals) expect(linesOf(refusal)[0]).toContain(`"tag":"${refusal.tag}"`);
  expect(linesSince().filter((line) => !line.startsWith('{"at":'))).toEqual([]);
});
