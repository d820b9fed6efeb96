import { fillPath, type PathNames } from "@threadbox/contracts/worker-api";
import { pageConfig } from "./request.ts";

/** Where a route of the worker's is, with the names in its path filled in. */
export const workerUrl = <const Path extends string>(
  { path }: { readonly path: Path },
  params: Readonly<Record<PathNames<Path>, string>>,
): string => `${pageConfig().workerUrl}${fillPath(path, params)}`;
