import { showFileOf } from "../../computer/index.ts";
import type { PathLinkProps } from "../../text/index.ts";
import { useLiveCommands } from "../thread/live-thread-context.tsx";
import { workspacePathOf } from "./workspace-path.ts";

/** A path that the model names as a link: one in the workspace opens among its files, any other is only said. */
export function WorkspaceLink({ href, children }: PathLinkProps) {
  const commands = useLiveCommands();
  const path = workspacePathOf(href);
  if (path === null) return children;
  return (
    <button
      type="button"
      title={path}
      onClick={() => showFileOf(commands().threadId, path)}
      className="text-accent underline decoration-accent/40 underline-offset-2 hover:decoration-accent"
    >
      {children}
    </button>
  );
}
