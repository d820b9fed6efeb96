import type { ProgramTool } from "./tool.ts";
import { askUser } from "./tools/ask-user.ts";
import { exec } from "./tools/exec.ts";
import { fetchUrl } from "./tools/fetch-url.ts";
import { getSecret } from "./tools/get-secret.ts";
import { httpFetch } from "./tools/http-fetch.ts";
import { threadsSearch } from "./tools/threads-search.ts";
import { workspaceEdit } from "./tools/workspace-edit.ts";
import { workspaceList } from "./tools/workspace-list.ts";
import { workspaceRead } from "./tools/workspace-read.ts";
import { workspaceSearch } from "./tools/workspace-search.ts";
import { workspaceWrite } from "./tools/workspace-write.ts";

/** Everything that a program may call: a new tool is one file, and one line here. */
export const programTools: readonly ProgramTool[] = [
  workspaceRead,
  workspaceList,
  workspaceSearch,
  workspaceWrite,
  workspaceEdit,
  exec,
  fetchUrl,
  getSecret,
  httpFetch,
  threadsSearch,
  askUser,
];
