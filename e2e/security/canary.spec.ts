import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
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

const filesWith = (value: string, folder: string): readonly string[] =>
  forms(value).flatMap((form) =>
    spawnSync("grep", ["-rlaF", "--", form, folder], { encoding: "utf8" }).stdout.split("\n").filter(Boolean),
  );

const command = "env; cat /proc/*/environ 2>/dev/null | tr '\\0' '\\n'; cat /proc/*/cmdline 2>/dev/null | tr '\\0' ' '";

test("a secret is found in no sandbox, log, URL, page or Convex row", async ({ workspace, modelled: { model } }) => {
  model.reply({ kind: "command", command });
  const seen: string[] = [];
  workspace.page.on("request", (request) => seen.push(request.url(), JSON.stringify(request.headers())));
  workspace.page.on("websocket", (socket) => {
    seen.push(socket.url());
    socket.on("framereceived", ({ payload }) => seen.push(String(payload)));
  });
  await workspace.begin("Show the environment and the processes.", withModel);
  await workspace.waitForOutput("PATH=");
  await workspace.waitUntilSettled();
  expect(model.keysSeen()).toEqual([`Bearer ${modelKeyCanary}`]);

  seen.push(await workspace.page.content());
  seen.push(
    await workspace.page.evaluate(() => JSON.stringify({ ...localStorage }) + JSON.stringify({ ...sessionStorage })),
  );
  const environments = sandboxProcesses(withModel).map(({ pid, commandLine }) => {
    return commandLine + readFileSync(`/proc/${pid}/environ`, "utf8");
  });
  expect(environments.length).toBeGreaterThan(0);
  for (const [name, value] of secrets()) {
    const holder = (text: string) => forms(value).some((form) => text.includes(form));
    expect(seen.filter(holder), `${name} in the browser`).toEqual([]);
    expect(environments.filter(holder), `${name} in a sandbox process`).toEqual([]);
    expect(filesWith(value, join(withModel.home, "sandboxes")), `${name} on a sandbox's disk`).toEqual([]);
    expect(filesWith(value, join(withModel.home, "logs")), `${name} in a log`).toEqual([]);
    expect(filesWith(value, join(withModel.home, "convex")), `${name} in Convex`).toEqual([]);
    expect(filesWith(value, join(withModel.home, "worker")), `${name} in a Durable Object`).toEqual([]);
  }
});
