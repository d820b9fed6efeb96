import type { WorkerConfig } from "../../config.ts";
import type { AuditTrail } from "../../platform/audit.ts";
import type { OpenCodePage } from "../chat/index.ts";
import type { Sandboxes } from "../sandbox/index.ts";
import type { ThreadDoor } from "../threads/index.ts";
import type { UserDoor } from "../users/index.ts";
import type { ViewAuthority } from "./authority.ts";
import type { PreviewLinks } from "./preview-links.ts";

/** What the ways into a sandbox's pages need. */
export type ViewServices =
  | ThreadDoor
  | UserDoor
  | Sandboxes
  | ViewAuthority
  | PreviewLinks
  | WorkerConfig
  | AuditTrail
  | OpenCodePage;
