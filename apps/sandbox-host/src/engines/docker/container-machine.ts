import { commonMachine, type LocalMachine } from "../local/local-machine.ts";
import type { DockerWatch } from "./docker-watch.ts";
import { launchContainer } from "./launch-container.ts";

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
    launch: ({ namespace: _, joinFiles: __, ...launch }) =>
      launchContainer(engine(), { ...launch, state: common.controlGroupName, sandbox: "files" }),
    // The image brings its own.
    openCode: "",
    system: [],
    systemBundles: [],
    hasRestic: true,
    controlGroups: { reason: "containers have groups of the engine's" },
    disks: { kind: "folders", reason: "a container can't be given a disk image" },
  };
};
