import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { defaultDockerHost } from "./engine-address.ts";
import { type FoundDocker, findDocker } from "./find-docker.ts";

/** Where tests look for an engine. */
export const dockerHostOfTests = process.env.DOCKER_HOST ?? defaultDockerHost;

export interface DockerUnderTest {
  readonly found: FoundDocker;
  /** A folder of the test's own. */
  readonly state: string;
}

/** An engine with our image, or undefined where there is none: the reason is told, and the tests are left out. */
export const findDockerForTests = async (): Promise<DockerUnderTest | undefined> => {
  const state = await fs.mkdtemp(path.join(os.homedir(), ".threadbox-docker-test-"));
  const limits = { memoryMib: 512, pids: 128, cpus: 1, tmpfsMib: 64, fileMib: 64 };
  const question = { dockerHost: dockerHostOfTests, image: "threadbox-sandbox", state: "threadbox-test", limits };
  const found = await findDocker({ ...question, folder: path.join(state, "probe") });
  if (!("refusal" in found)) return { found, state };
  await fs.rm(state, { recursive: true, force: true });
  process.stderr.write(`Tests of Docker sandboxes are left out: ${found.refusal}\n`);
  return undefined;
};
