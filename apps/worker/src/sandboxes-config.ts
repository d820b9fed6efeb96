import type { SandboxProviderId } from "@threadbox/contracts/sandbox";
import { addressSetting, choice, optional, setting } from "@threadbox/contracts/settings";
import { Redacted, Schema } from "effect";

/** A machine of the installation's own that runs sandboxes. */
export interface SandboxHostConfig {
  readonly hostUrl: string;
  readonly hostToken: Redacted.Redacted<string>;
}

/** Cloudflare's containers. */
export interface CloudflareConfig {
  readonly enabled: boolean;
  /** Address at which this worker answers there, without a slash at the end. */
  readonly workerUrl: string | null;
}

export interface SandboxesConfig {
  /** Where a thread's sandbox runs when nobody says, if it can be had; `auto`: wherever one can. */
  readonly provider: SandboxProviderId | "auto";
  /** Null: there is none, and neither local sandboxes nor Docker's. */
  readonly host: SandboxHostConfig | null;
  readonly cloudflare: CloudflareConfig;
}

const sandboxHostToken = setting(Schema.String.check(Schema.isMinLength(16)), "the sandbox host's token");

export const sandboxesSettings = {
  SANDBOX_PROVIDER: choice("local", "docker", "cloudflare", "auto"),
  ENABLE_CLOUDFLARE_SANDBOXES: optional(choice("true", "false")),
  CLOUDFLARE_WORKER_URL: optional(addressSetting("https://threadbox.example.workers.dev")),
  SANDBOX_HOST_URL: optional(addressSetting("http://127.0.0.1:4200")),
  SANDBOX_HOST_TOKEN: optional(sandboxHostToken),
};

/** `missing` says of a key that it is needed by another, unless it is there. */
export const missingForSandboxes = (
  { SANDBOX_PROVIDER: provider, SANDBOX_HOST_URL: hostUrl }: Readonly<Record<string, string>>,
  missing: (key: string, by: string) => readonly string[],
): readonly string[] => {
  if (provider === "local" || provider === "docker")
    return ["SANDBOX_HOST_URL", "SANDBOX_HOST_TOKEN"].flatMap((key) => missing(key, `SANDBOX_PROVIDER ${provider}`));
  return [
    ...(hostUrl === undefined ? [] : missing("SANDBOX_HOST_TOKEN", "SANDBOX_HOST_URL")),
    ...(provider === "cloudflare" ? missing("CLOUDFLARE_WORKER_URL", "SANDBOX_PROVIDER cloudflare") : []),
  ];
};

interface SandboxesKeys {
  readonly SANDBOX_PROVIDER: SandboxesConfig["provider"];
  readonly ENABLE_CLOUDFLARE_SANDBOXES?: "true" | "false" | undefined;
  readonly CLOUDFLARE_WORKER_URL?: string | undefined;
  readonly SANDBOX_HOST_URL?: string | undefined;
  readonly SANDBOX_HOST_TOKEN?: string | undefined;
}

const withoutSlash = (url: string): string => url.replace(/\/+$/, "");

/** Where an installation runs sandboxes, by its settings. */
export const sandboxesOf = (keys: SandboxesKeys): SandboxesConfig => ({
  provider: keys.SANDBOX_PROVIDER,
  host:
    keys.SANDBOX_HOST_URL === undefined || keys.SANDBOX_HOST_TOKEN === undefined
      ? null
      : { hostUrl: withoutSlash(keys.SANDBOX_HOST_URL), hostToken: Redacted.make(keys.SANDBOX_HOST_TOKEN) },
  cloudflare: {
    enabled: (keys.ENABLE_CLOUDFLARE_SANDBOXES ?? String(keys.SANDBOX_PROVIDER === "cloudflare")) === "true",
    workerUrl: keys.CLOUDFLARE_WORKER_URL === undefined ? null : withoutSlash(keys.CLOUDFLARE_WORKER_URL),
  },
});
