/** Builds the image that Docker sandboxes are made of: `npm run image [-- --base IMAGE] [-- --network NAME]`. */
import { parseArgs } from "node:util";
import { buildImage, defaultBase, imageName } from "./docker/build-image.ts";

const { values } = parseArgs({ options: { base: { type: "string" }, network: { type: "string" } } });
const isBuilt = await buildImage({ base: values.base ?? defaultBase(), network: values.network });
console.log(
  isBuilt
    ? `${imageName} is ready. The sandbox host offers Docker sandboxes from now on.`
    : "The image couldn't be built: see above. It needs a Docker engine that answers, and its base image.",
);
process.exitCode = isBuilt ? 0 : 1;
