import { inSnapshots } from "../../snapshots/restic.ts";
import { commonMachine, type LocalMachine } from "../local/local-machine.ts";
import type { DockerWatch } from "./docker-watch.ts";
import { launchContainer } from "./launch-container.ts";

/** What is brought back is brought into a folder whose owner it may say; the image's own belong to root. */
const savedRoot = { kind: "tmpfs", to: inSnapshots.root, bytes: 1024 * 1024, files: 64 } as const;

/** A machine on which containers alone can be run: what works on files of sandboxes from outside runs in one too. */
export const containerMachine = async (state: string, watch: DockerWatch): Promise<LocalMachine> => {
  const common = await commonMachine(state);
  const engine = async () => {
    const found = await watch.find();
    if ("refusal" in found) throw new Error(found.refusal);
    return found;
  };
  return {
    ...common,
    launch: ({ namespace: _, joinFiles: __, profile, ...launch }) =>
      launchContainer(engine(), {
        ...launch,
        profile: { ...profile, mounts: [savedRoot, ...profile.mounts] },
        state: common.controlGroupName,
        sandbox: "files",
      }),
    canJail: false,
    // The image brings its own.
    openCode: "",
    system: [],
    systemBundles: [],
    hasRestic: true,
    controlGroups: { reason: "containers have groups of the engine's" },
    disks: { kind: "folders", reason: "a container can't be given a disk image" },
  };
};
