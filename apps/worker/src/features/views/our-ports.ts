import { openCodePort } from "@threadbox/contracts/opencode";
import type { SandboxProviderId } from "@threadbox/contracts/sandbox";
import { egressBaseUrl } from "@threadbox/contracts/sandbox-host";
import { terminalsPort } from "@threadbox/contracts/sandbox-terminals";

/** The control server of a Cloudflare sandbox. */
const cloudflareControlPort = 3000;

/** Whether Threadbox's own programs listen there: OpenCode, which has a view of its own, terminals, and the way out. */
export const isOurPort = (provider: SandboxProviderId, port: number): boolean =>
  port === openCodePort ||
  port === terminalsPort ||
  (provider === "cloudflare" ? port === cloudflareControlPort : port === Number(new URL(egressBaseUrl).port));
