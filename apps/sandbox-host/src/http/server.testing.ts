import * as fs from "node:fs/promises";
import type { Server } from "node:http";
import * as os from "node:os";
import * as path from "node:path";
import { Redacted } from "effect";
import { pino } from "pino";
import { onTestFinished } from "vitest";
import { fakeEngine } from "../engines/engine.testing.ts";
import type { SandboxEngine } from "../engines/engine.ts";
import { type HostClient, hostClient, token } from "../host.testing.ts";
import { deafEnds, deafNaps } from "../sandboxes/end-notices.testing.ts";
import { fileGenerationStore } from "../sandboxes/generation-store.ts";
import { SandboxRegistry, type SandboxRegistryOptions } from "../sandboxes/registry.ts";
import { bearerCheck } from "./bearer.ts";
import { createHostServer } from "./server.ts";

/** Listens until the test has finished. Answers with `http://127.0.0.1:<port>`. */
export const listen = async (server: Server): Promise<string> => {
  // How a connection ends is what some tests are about, and nothing that a test's own server minds.
  server.on("connection", (socket) => socket.on("error", () => {}));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
};

/** A control channel over an engine without processes, unless one is given. */
export const openControlChannel = async (
  engine?: SandboxEngine,
  over: Partial<SandboxRegistryOptions> = {},
): Promise<HostClient> => {
  const state = await fs.mkdtemp(path.join(os.tmpdir(), "threadbox-routes-"));
  onTestFinished(() => fs.rm(state, { recursive: true, force: true }));
  const log = pino({ level: "silent" });
  const used = engine ?? fakeEngine({ isInstant: true, workspace: state });
  const registry = new SandboxRegistry({
    engine: used,
    generations: fileGenerationStore(state),
    ends: deafEnds,
    naps: deafNaps,
    runningMax: 4,
    now: () => 0,
    log,
    ...over,
  });
  const checkBearer = bearerCheck(Redacted.make(token));
  return hostClient(await listen(createHostServer({ engine: used, registry, checkBearer, log })));
};
