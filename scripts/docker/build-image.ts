import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../bootstrap.mjs";
import { run } from "../step.ts";

/** What the sandbox host looks for where its configuration names nothing else. */
export const imageName = "threadbox-sandbox";

const nodeVersion = (): string =>
  (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { devDependencies: { node: string } })
    .devDependencies.node;

/** Debian with the Node of this repository. */
export const defaultBase = (): string => `docker.io/library/node:${nodeVersion()}-bookworm-slim`;

export interface ImageOrder {
  readonly base: string;
  /** The engine's address; where absent docker's own settings count. */
  readonly dockerHost?: string | undefined;
  /** Network of the build, for an engine without a bridge. */
  readonly network?: string | undefined;
}

/** Builds the image of Docker sandboxes by the Dockerfile that Cloudflare's are built by. True where that worked. */
export const buildImage = async ({ base, dockerHost, network }: ImageOrder): Promise<boolean> => {
  const { isOk } = await run(
    "image",
    [
      "docker",
      "build",
      ...["--build-arg", `BASE=${base}`, "--tag", imageName],
      ...(network === undefined ? [] : ["--network", network]),
      ...["--file", join(root, "apps/worker/container/Dockerfile")],
      join(root, "apps/sandbox-host/src/engines/local/inside"),
    ],
    { isLoud: true, env: dockerHost === undefined ? {} : { DOCKER_HOST: dockerHost } },
  );
  return isOk;
};
