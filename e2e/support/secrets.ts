import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { decodeJwt } from "jose";
import type { Installation } from "./addresses.ts";
import { sandboxProcesses } from "./processes.ts";

/** What an installation writes to its disk, beside its keys and its users: those two are there to hold secrets. */
export const folders = ["sandboxes", "logs", "convex", "worker"] as const;
export type Folder = (typeof folders)[number];

/** Where a secret may turn up. `openCode` is the server itself inside its sandbox, `worker` the Durable Objects. */
export type Place = Folder | "url" | "header" | "frame" | "page" | "storage" | "openCode" | "sandboxProcess";

export interface Secret {
  readonly name: string;
  readonly value: string;
  /** The places that it is for. */
  readonly belongs: readonly Place[];
}

const formsOf = (value: string): readonly string[] => [
  value,
  Buffer.from(value).toString("base64").replace(/=+$/, ""),
  Buffer.from(value).toString("hex"),
  encodeURIComponent(value),
];

export const holds = (text: string, { value }: Secret): boolean => formsOf(value).some((form) => text.includes(form));

/**
 * Which secrets, and whether the value that is known to be there, are in the files of an installation's folder. One look
 * at each file, however many values: a sandbox's disk is an image of several gigabytes, most of it zeros, which `-z`
 * takes for ends of lines.
 */
export const foundIn = (folder: Folder, { home }: Installation, secrets: readonly Secret[], known: string) => {
  const patterns = [known, ...secrets.flatMap(({ value }) => formsOf(value))].map((form) => `${form}\n`).join("");
  const argv = ["-rozahF", "-D", "skip", "-f", "-", "--", join(home, folder)];
  const { status, stdout, stderr } = spawnSync("grep", argv, {
    input: patterns,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  // 1: nothing was found. Anything else: not everything was looked at.
  if (status !== 0 && status !== 1) throw new Error(`grep ended with ${status}: ${stderr}`);
  const found = new Set(stdout.split("\0"));
  return {
    hasKnown: found.has(known),
    secrets: secrets.filter(({ value }) => formsOf(value).some((form) => found.has(form))),
  };
};

/** What the thread's OpenCode was started with: the password it asks for, and the credential it shows at the gateway. */
export const openCodeSecretsOf = (threadId: string, installation: Installation): readonly Secret[] => {
  for (const { environment } of sandboxProcesses(installation)) {
    const password = /(?:^|\0)OPENCODE_SERVER_PASSWORD=([^\0]+)/.exec(environment)?.[1];
    const credential = /(?:^|\0)OPENCODE_CONFIG_CONTENT=[^\0]*"apiKey":"([^"]+)"/.exec(environment)?.[1];
    if (password === undefined || credential === undefined) continue;
    if (decodeJwt(credential).thread_id !== threadId) continue;
    return [
      { name: "OpenCode's password", value: password, belongs: ["openCode", "worker"] },
      { name: "OpenCode's password as it is sent", value: `opencode:${password}`, belongs: ["openCode"] },
      { name: "the sandbox credential", value: credential, belongs: ["openCode"] },
    ];
  }
  throw new Error("No OpenCode runs for this thread.");
};
