import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { SandboxLimits } from "../../config.ts";
import { sandboxUnavailable } from "../../errors.ts";
import type { LaunchRequest, LaunchSandbox } from "../launched.ts";
import { identityFiles } from "../local/host-system.ts";
import { sandboxSources, supervisorCommand } from "../local/launch-sandbox.ts";
import type { LocalMachine } from "../local/local-machine.ts";
import { inside, jailProfile } from "../local/profile.ts";
import { noCopy } from "../local/trial.ts";
import { containerFreezer } from "./container-groups.ts";
import type { DockerWatch } from "./docker-watch.ts";
import { launchContainer } from "./launch-container.ts";

/** Where programs of the image look for certificates, whatever their environment says. */
const bundles = ["/etc/ssl/certs/ca-certificates.crt"];

/** In a container a program is who it is on the machine: it has no namespace of users that would give it another id. */
const writeIdentity = async ({ folders, user }: LaunchRequest): Promise<string> => {
  const folder = path.join(folders.run, "identity");
  await fs.mkdir(folder, { mode: 0o755 });
  const files = identityFiles(user?.uid ?? process.getuid?.() ?? inside.uid, inside.home);
  for (const [name, text] of Object.entries(files)) await fs.writeFile(path.join(folder, name), text, { mode: 0o644 });
  return folder;
};

/** As containers of the machine's Docker engine, with the same files, the same programs inside and the same one way out. */
export const launchInContainer =
  (machine: LocalMachine, limits: SandboxLimits, watch: DockerWatch): LaunchSandbox =>
  async (request) => {
    const { name, user, disks, undo } = request;
    const found = await watch.find();
    if ("refusal" in found) throw sandboxUnavailable(found.refusal);
    if (disks().namespace !== undefined) {
      throw sandboxUnavailable("The files of this thread are on a disk image, which a container can't be given.");
    }
    const sources = { ...sandboxSources(machine, request), system: [], systemBundles: bundles };
    const jail = launchContainer(Promise.resolve(found), {
      profile: jailProfile({ ...sources, identityFiles: await writeIdentity(request) }, limits),
      command: supervisorCommand,
      ...{ limits, user, state: machine.controlGroupName, sandbox: name },
    });
    undo.add(async () => {
      jail.kill();
      await jail.ended;
    });
    const info = await jail.started.catch((error: unknown) => {
      throw sandboxUnavailable("Docker couldn't start the sandbox's container.", error);
    });
    return {
      jail,
      freezer: await containerFreezer(found.docker, info),
      countOomKills: async () => (jail.wasOutOfMemory() ? 1 : 0),
      // A container can't be given a copy in front of its files.
      trial: () => Promise.reject(noCopy()),
    };
  };
