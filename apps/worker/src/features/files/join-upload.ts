import { type JoinUpload, uploadPartBytes } from "@threadbox/contracts/files";
import { workspacePath } from "@threadbox/contracts/opencode";
import type { ExecRequest } from "@threadbox/contracts/sandbox-host";
import { Effect } from "effect";
import { RequestRefusedError } from "../../http/failure.ts";
import type { WorkspaceFiles } from "../sandbox/index.ts";

const joinMsMax = 60_000;
const whole = "whole";

/** Arguments: the folder, how many parts, how many bytes they have together. */
const script = `
cd "$1" || exit 1
for ((part = 0; part < $2; part += 1)); do cat "$part" || exit 1; done > ${whole}
[ "$(stat -c %s ${whole})" = "$3" ]
`;

const joinProgram = ({ folder, sizeBytes }: JoinUpload): ExecRequest => ({
  argv: [
    ...(["bash", "-c", script, "join", `${workspacePath}/${folder}`] as const),
    ...[`${Math.ceil(sizeBytes / uploadPartBytes)}`, `${sizeBytes}`],
  ],
  timeoutMs: joinMsMax,
});

const incomplete = () =>
  new RequestRefusedError({
    wireTag: "ValidationError",
    message: "Part of this file is missing. Upload the file again.",
  });

/** Makes one file of the parts of an upload. */
export const joinUpload = Effect.fn("joinUpload")(function* (files: WorkspaceFiles, upload: JoinUpload) {
  const { exitCode, isTimedOut } = yield* files.exec(joinProgram(upload));
  if (exitCode !== 0 || isTimedOut) return yield* incomplete();
  if (upload.isReplacing) yield* Effect.catchTag(files.remove(upload.path), "SandboxNotFoundError", () => Effect.void);
  yield* files.move({ from: `${upload.folder}/${whole}`, to: upload.path });
  yield* Effect.ignore(files.remove(upload.folder));
});
