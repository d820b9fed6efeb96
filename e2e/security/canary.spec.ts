import { randomUUID } from "node:crypto";
import type { Page, Response } from "@playwright/test";
import { type Installation, main, modelKeyCanary, withModel } from "../support/addresses.ts";
import { expect, type Modelled, test, type Workspace } from "../support/fixtures.ts";
import { keysOf } from "../support/keys.ts";
import { OwnSecretsPage } from "../support/own-secrets.ts";
import { sandboxProcesses } from "../support/processes.ts";
import { folders, foundIn, holds, openCodeSecretsOf, type Secret } from "../support/secrets.ts";

/** What only the installation knows: it belongs into none of the places that are looked at. */
const installationSecrets = (installation: Installation): readonly Secret[] => {
  const keys = keysOf(installation);
  const modelKeys = installation === withModel ? [["the model key", modelKeyCanary] as const] : [];
  return [
    ...modelKeys,
    ["the thread tokens' private key", keys.threadToken.private.d] as const,
    ["the service token's private key", keys.serviceToken.private.d] as const,
    ["the sandbox credentials' key", keys.sandboxCredentialKey] as const,
    ["the sandbox names' key", keys.sandboxNameKey] as const,
    ["the sandbox host's token", keys.sandboxHostToken] as const,
    ["the vault's master key", keys.vault.keys[0]?.k ?? ""] as const,
  ].map(([name, value]) => ({ name, value, belongs: [] }));
};

/** Everything that the page asks and hears from now on. */
const listenTo = (page: Page) => {
  const heard = { url: [] as string[], header: [] as string[], frame: [] as string[] };
  const sessions: Promise<Record<"access_token" | "refresh_token", string>>[] = [];
  page.on("request", (request) => {
    heard.url.push(request.url());
    heard.header.push(JSON.stringify(request.headers()));
  });
  page.on("websocket", (socket) => {
    heard.url.push(socket.url());
    socket.on("framereceived", ({ payload }) => heard.frame.push(String(payload)));
  });
  page.on("response", (response: Response) => {
    if (response.url().endsWith("/user_management/authenticate") && response.ok()) sessions.push(response.json());
  });
  return { heard, sessions };
};

const dump = "env; cat /proc/*/environ 2>/dev/null | tr '\\0' '\\n'; cat /proc/*/cmdline 2>/dev/null | tr '\\0' ' '";

/** Has a command run in the thread at hand, whatever the installation's model is. */
const runCommand = async (workspace: Workspace, { model }: Modelled, installation: Installation, command: string) => {
  model.reply({ kind: "command", command });
  await workspace.send(installation === main ? `$ ${command}` : `Run this for me: ${command}`);
};

for (const [installation, name] of [
  [main, "with the demo model"],
  [withModel, "with a model's key"],
] as const)
  test(`a secret is found nowhere but where it belongs (${name})`, async ({ workspace, modelled }) => {
    const { page } = workspace;
    const { heard, sessions } = listenTo(page);
    await workspace.signInAsNewUser(installation);
    // What was answered at the sign-in is out of reach once the page has gone on.
    await expect.poll(() => sessions.length).toBeGreaterThan(0);
    await Promise.all(sessions);
    const own = new OwnSecretsPage(page);
    const ownValue = `own-canary-${randomUUID()}`;
    await own.open(installation);
    await own.begin("OWN_CANARY", ownValue);
    await own.dialog.getByLabel("Hosts", { exact: true }).fill("api.example.com");
    await own.submit("Save");
    await workspace.openNewThread();
    await runCommand(workspace, modelled, installation, dump);
    await workspace.waitForOutput("PATH=");
    await workspace.waitUntilAnswered();

    // A thread that was asked to print what its own sandbox holds has printed it. The next one was not asked.
    const plant = `plant-${randomUUID()}`;
    await workspace.openNewThread();
    await runCommand(workspace, modelled, installation, `echo ${plant} | tee plant.txt; sync`);
    await workspace.waitForOutput(plant);
    await workspace.waitUntilAnswered();
    if (installation === withModel) expect(modelled.model.keysSeen()).toEqual([`Bearer ${modelKeyCanary}`]);

    const threadId = new URL(page.url()).pathname.split("/").at(-1) ?? "";
    const sockets = heard.url.filter((url) => url.includes(`/agents/chat/${threadId}`));
    const threadTokens = sockets.map((url) => new URL(url).searchParams.get("token") ?? "");
    const loginSessions = await Promise.all(sessions);
    expect([threadTokens.length > 0, loginSessions.length > 0]).toEqual([true, true]);
    const secrets: readonly Secret[] = [
      ...installationSecrets(installation),
      { name: "a user's own secret, of which programs hold a handle", value: ownValue, belongs: [] },
      ...openCodeSecretsOf(threadId, installation),
      ...threadTokens.map((value) => ({ name: "a thread token", value, belongs: ["url", "header"] as const })),
      ...loginSessions.flatMap(({ access_token, refresh_token }): readonly Secret[] => [
        { name: "an access token", value: access_token, belongs: ["header"] },
        { name: "a refresh token", value: refresh_token, belongs: ["storage"] },
      ]),
    ];

    const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
    const processes = sandboxProcesses(installation);
    const serves = ({ commandLine }: { readonly commandLine: string }) => /opencode\S* serve/.test(commandLine);
    const textOf = ({ commandLine, environment }: (typeof processes)[number]) => commandLine + environment;
    const texts = {
      ...heard,
      page: [await page.content()],
      storage: [stored],
      openCode: processes.filter(serves).map(textOf),
      sandboxProcess: processes.filter((process) => !serves(process)).map(textOf),
    };
    const known = {
      ...{ url: threadId, header: "user-agent", frame: plant, page: plant, storage: "workos:refresh-token" },
      ...{ openCode: "PATH=", sandboxProcess: "PATH=" },
    };
    for (const place of ["url", "header", "frame", "page", "storage", "openCode", "sandboxProcess"] as const) {
      expect(
        texts[place].some((text) => text.includes(known[place])),
        `${place} was looked at`,
      ).toBe(true);
      const found = secrets.filter((secret) => texts[place].some((text) => holds(text, secret)));
      const strays = found.filter(({ belongs }) => !belongs.includes(place));
      expect(
        strays.map((secret) => secret.name),
        `secrets in the place: ${place}`,
      ).toEqual([]);
    }
    for (const folder of folders) {
      const knownHere = folder === "logs" ? threadId : plant;
      const look = () => foundIn(folder, installation, secrets, knownHere);
      await expect.poll(() => look().hasKnown, `${folder} was looked at`).toBe(true);
      const strays = look().secrets.filter(({ belongs }) => !belongs.includes(folder));
      expect(
        strays.map((secret) => secret.name),
        `secrets in the folder: ${folder}`,
      ).toEqual([]);
    }
  });
