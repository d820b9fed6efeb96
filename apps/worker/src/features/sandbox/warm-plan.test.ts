import { exports } from "cloudflare:workers";
import { openCodeConfigVariable } from "@threadbox/contracts/opencode";
import { WarmPlan } from "@threadbox/contracts/sandbox-host";
import { Schema } from "effect";
import { describe, expect, test } from "vitest";
import { newThreadId, signToken, testBindings } from "../../testing/tokens.testing.ts";

const ask = (headers: Record<string, string>, path = "/internal/sandbox-host/warm-plan") =>
  exports.default.fetch(`http://worker.test${path}`, { headers });
const token = `Bearer ${testBindings.SANDBOX_HOST_TOKEN}`;

describe("what sandboxes are started with before they are anybody's", () => {
  test("is OpenCode's configuration with a credential that opens nothing, another one each time", async () => {
    const answers = [await ask({ authorization: token }), await ask({ authorization: token })];
    const plans = await Promise.all(answers.map(async (each) => Schema.decodeUnknownSync(WarmPlan)(await each.json())));
    for (const { environment, credential } of plans) {
      expect(Object.keys(environment)).toEqual([openCodeConfigVariable]);
      expect(environment[openCodeConfigVariable]).toContain(credential);
      const model = await ask({ authorization: `Bearer ${credential}` }, "/internal/model/v1/models");
      expect(model.status).toBe(401);
    }
    const common = plans.map(({ environment, files, credential }) =>
      JSON.stringify([environment, files]).replaceAll(credential, ""),
    );
    expect(common[0]).toBe(common[1]);
    expect(plans[0]?.credential).not.toBe(plans[1]?.credential);
  });

  test("is told to the sandbox host alone", async () => {
    expect((await ask({})).status).toBe(401);
    expect((await ask({ authorization: `Bearer ${await signToken(newThreadId())}` })).status).toBe(401);
    expect((await ask({ authorization: token, origin: "http://threadbox.localhost:3000" })).status).toBe(403);
  });
});
