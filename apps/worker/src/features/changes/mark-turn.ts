import { changesLimits } from "@threadbox/contracts/changes";
import { cutText } from "@threadbox/contracts/cut-text";
import type { TurnId } from "@threadbox/contracts/ids";
import type { ExecRequest } from "@threadbox/contracts/sandbox-host";
import { Effect } from "effect";
import type { SandboxClient } from "../sandbox/index.ts";
import { findRootsProgram } from "./diff-program.ts";
import { gitProgram } from "./git-script.ts";
import { readRoots } from "./read-diff.ts";

const markMsMax = 60_000;
/** Files that one turn's end takes in; the rest is taken in at the next one. */
const markedMax = 5_000;

/**
 * Arguments: the turn's id and its title. What is larger than 4 MiB stays out, as nobody reads its lines. One mark at a
 * time, and in order: the next turn's waits for this one's.
 */
const script = `
turn=$1 title=$2
exec 9>"$GIT_DIR/marking" && flock -w 30 9 || exit 1
git rev-parse -q --verify "refs/turns/$turn" >/dev/null && exit 0
export GIT_INDEX_FILE="$GIT_DIR/marked"
rm -f "$GIT_INDEX_FILE.lock"
[ -e "$GIT_INDEX_FILE" ] || git read-tree "$base" || exit 1
git update-index -q --ignore-submodules --refresh >/dev/null
git ls-files -z --deleted | git update-index -z --remove --stdin
git ls-files -z --others --modified --exclude-standard --exclude node_modules | grep -zv '/$' | head -zn ${markedMax} |
  find -files0-from - -maxdepth 0 -size -4097k -print0 2>/dev/null | git update-index -z --add --stdin
tree=$(git write-tree) || exit 1
last=$(git rev-parse -q --verify refs/heads/turns) || last=
[ "$tree" = "$(tree_of "\${last:-$base}")" ] && exit 0
export GIT_AUTHOR_NAME=threadbox GIT_AUTHOR_EMAIL= GIT_COMMITTER_NAME=threadbox GIT_COMMITTER_EMAIL=
new=$(git commit-tree "$tree" \${last:+-p "$last"} -m "$turn $title") || exit 1
git update-ref refs/heads/turns "$new" && git update-ref "refs/turns/$turn" "$new" || exit 1
git -c gc.autoDetach=false gc --auto --quiet 2>/dev/null
exit 0
`;

/** One line that says what a turn was about. */
export const titleOf = (text: string): string =>
  cutText(text.replace(/[\s\p{Cc}\p{Cs}]+/gu, " ").trim(), changesLimits.turnTitleLengthMax);

const markProgram = (root: string, turnId: TurnId, title: string): ExecRequest =>
  gitProgram(script, root, { args: [turnId, title], timeoutMs: markMsMax });

/** Remembers, in the sandbox, the files as they are at the end of a turn: what its changes are read from later. */
export const markTurn = Effect.fn("markTurn")(function* (
  sandbox: Pick<SandboxClient, "exec">,
  { turnId, text }: { readonly turnId: TurnId; readonly text: string },
) {
  const roots = ["", ...readRoots(yield* sandbox.exec(findRootsProgram), changesLimits.rootsMax)];
  const title = titleOf(text);
  yield* Effect.forEach(roots, (root) => sandbox.exec(markProgram(root, turnId, title)), { discard: true });
});
