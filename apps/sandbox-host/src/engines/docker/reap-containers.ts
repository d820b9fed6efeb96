import type { Logger } from "pino";
import { labels } from "./container-options.ts";
import { engineAt, socketOf } from "./engine-address.ts";

/** Removes the containers that an earlier host process of the same state folder has left. Nothing where no engine answers. */
export const reapContainers = async (dockerHost: string, state: string, log: Logger): Promise<void> => {
  const socket = socketOf(dockerHost);
  if (socket === undefined) return;
  const docker = engineAt(socket);
  const filters = { label: [`${labels.state}=${state}`] };
  const left = await docker.listContainers({ all: true, filters }).catch(() => []);
  for (const { Id, Labels } of left) {
    await docker.getContainer(Id).remove({ force: true, v: true });
    log.warn(
      { event: "container.reaped", sandbox: Labels[labels.sandbox] },
      "a container of an earlier host process was removed",
    );
  }
};
