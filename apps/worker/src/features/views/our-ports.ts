import { openCodePort } from "@threadbox/contracts/opencode";
import type { SandboxProviderId } from "@threadbox/contracts/sandbox";
import { egressBaseUrl } from "@threadbox/contracts/sandbox-host";

/** The control server of a Cloudflare sandbox. */
const cloudflareControlPort = 3000;

/** Whether Threadbox's own programs listen there: OpenCode, which has a view of its own, and the way out of the sandbox. */
export const isOurPort = (provider: SandboxProviderId, port: number): boolean =>
  port === openCodePort ||
  (provider === "cloudflare" ? port === cloudflareControlPort : port === Number(new URL(egressBaseUrl).port));
