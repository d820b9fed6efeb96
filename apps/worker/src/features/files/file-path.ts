import { fileLimits } from "@threadbox/contracts/files";
import { Effect } from "effect";
import { RequestRefusedError } from "../../http/failure.ts";

const rejected = () =>
  new RequestRefusedError({ wireTag: "PathRejected", message: "The path is outside the workspace." });

/** The path relative to the workspace, without needless slashes; the workspace itself is the empty text. */
export const decodePath = (text: string | null): Effect.Effect<string, RequestRefusedError> => {
  if (text === null || text.length > fileLimits.pathLengthMax || text.startsWith("/") || text.includes("\0")) {
    return Effect.fail(rejected());
  }
  const segments = text.split("/").filter((segment) => segment !== "" && segment !== ".");
  return segments.includes("..") ? Effect.fail(rejected()) : Effect.succeed(segments.join("/"));
};

/** The same where it must name something in the workspace. */
export const decodeEntryPath = (text: string | null): Effect.Effect<string, RequestRefusedError> =>
  Effect.filterOrFail(decodePath(text), (path) => path !== "", rejected);
