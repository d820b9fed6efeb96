import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { modelKeyCanary, withModel } from "../stack/addresses.ts";
import { expect, test } from "../stack/fixtures.ts";
import { keysOf } from "../stack/keys.ts";
import { sandboxProcesses } from "../stack/processes.ts";

/** Every value that must stay where it is, by name. */
const secrets = (): readonly (readonly [name: string, value: string])[] => {
  const keys = keysOf(withModel);
  return [
    ["the model key", modelKeyCanary],
    ["the thread tokens' private key", keys.threadToken.private.d],
    ["the service token's private key", keys.serviceToken.private.d],
    ["the sandbox credentials' key", keys.sandboxCredentialKey],
    ["the sandbox names' key", keys.sandboxNameKey],
    ["the sandbox host's token", keys.sandboxHostToken],
  ];
};

const forms = (value: string) => [
  value,
  Buffer.from(value).toString("base64").replace(/=+$/, ""),
  Buffer.from(value).toString("hex"),
  encodeURIComponent(value),
];

/** One look at each file, however many values: a sandbox's disk is an image of several gigabytes. */
const filesWith = (values: readonly string[], folder: string): readonly string[] =>
  spawnSync("grep", ["-rlaF", ...values.flatMap(forms).flatMap((form) => ["-e", form]), "--", folder], {
    encoding: "utf8",
  })
    .stdout.split("\n")
    .filter(Boolean);

const command = "env; cat /proc/*/environ 2>/dev/null | tr '\\0' '\\n'; cat /proc/*/cmdline 2>/dev/null | tr '\\0' ' '";

test("a secret is found in no sandbox, log, URL, page or Convex row", async ({ workspace, modelled: { model } }) => {
  model.reply({ kind: "command", command });
  const seen: string[] = [];
  workspace.page.on("request", (request) => seen.push(request.url(), JSON.stringify(request.headers())));
  workspace.page.on("websocket", (socket) => {
    seen.push(socket.url());
    socket.on("framereceived", ({ payload }) => seen.push(String(payload)));
  });
  const question = "Show the environment and the processes.";
  await workspace.begin(question, withModel);
  await workspace.waitForOutput("PATH=");
  await workspace.waitUntilAnswered();
  await expect
    .poll(() => filesWith([question], join(withModel.home, "convex")), "Convex has the thread")
    .not.toEqual([]);
  expect(model.keysSeen()).toEqual([`Bearer ${modelKeyCanary}`]);

  seen.push(await workspace.page.content());
  seen.push(
    await workspace.page.evaluate(() => JSON.stringify({ ...localStorage }) + JSON.stringify({ ...sessionStorage })),
  );
  const environments = sandboxProcesses(withModel).map(({ commandLine, environment }) => commandLine + environment);
  expect(environments.length).toBeGreaterThan(0);
  for (const [name, value] of secrets()) {
    const holder = (text: string) => forms(value).some((form) => text.includes(form));
    expect(seen.filter(holder), `${name} in the browser`).toEqual([]);
    expect(environments.filter(holder), `${name} in a sandbox process`).toEqual([]);
  }
  const values = secrets().map(([, value]) => value);
  for (const [place, folder] of [
    ["on a sandbox's disk", "sandboxes"],
    ["in a log", "logs"],
    ["in Convex", "convex"],
    ["in a Durable Object", "worker"],
  ] as const) {
    expect(filesWith(values, join(withModel.home, folder)), `a secret ${place}`).toEqual([]);
  }
});
