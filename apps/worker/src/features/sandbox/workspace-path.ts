import { workspacePath } from "@threadbox/contracts/opencode";
import { Effect } from "effect";
import { PathOutsideWorkspaceError } from "./errors.ts";

/** The absolute path of a file of the workspace, from an absolute path or one relative to the workspace. */
export const inWorkspace = (path: string): Effect.Effect<string, PathOutsideWorkspaceError> => {
  const absolute = path.startsWith("/") ? path : `${workspacePath}/${path}`;
  const segments: string[] = [];
  for (const segment of absolute.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  const resolved = `/${segments.join("/")}`;
  const isInside = resolved === workspacePath || resolved.startsWith(`${workspacePath}/`);
  return isInside && !path.includes("\0") ? Effect.succeed(resolved) : Effect.fail(new PathOutsideWorkspaceError());
};
