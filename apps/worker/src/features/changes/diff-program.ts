import { type ChangesScope, changesLimits } from "@threadbox/contracts/changes";
import type { TurnId } from "@threadbox/contracts/ids";
import { workspacePath } from "@threadbox/contracts/opencode";
import type { ExecRequest } from "@threadbox/contracts/sandbox-host";
import { gitProgram } from "./git-script.ts";

const [findMsMax, diffMsMax] = [5_000, 20_000];
/** How deep below the workspace a clone is looked for. */
const rootDepthMax = 4;

/** The program that prints the folders with a repository of their own, relative to the workspace. It runs inside. */
export const findRootsProgram: ExecRequest = {
  argv: [
    "find",
    ...["-P", workspacePath, "-mindepth", "1", "-maxdepth", `${rootDepthMax}`],
    ...["-name", "node_modules", "-prune", "-o", "-name", ".git", "-printf", "%P\\n", "-prune"],
  ],
  timeoutMs: findMsMax,
};

/** Which changes are asked for: of a turn, or of a scope. */
export type Asked = { readonly turnId: TurnId } | { readonly scope: ChangesScope };

/**
 * Arguments: `all`, `open` or `turn`, the turn's id or nothing, the path of one file or nothing. A turn that has just ended
 * may still be marked: whoever asks for its changes waits for that.
 */
const script = String.raw`
scope=$1 turn=$2 only=$3
[ "$scope" = turn ] && exec 8>"$GIT_DIR/marking" && flock -s -w 10 8
printf '%s\0%s\0' "$commit" "${"$"}{accepted:+accepted}"
git log -z -${changesLimits.turnsMax} --format='%ct %s' refs/heads/turns -- 2>/dev/null
printf '\0'
difference() {
  git -c core.quotePath=false -c core.bigFileThreshold=2m diff --raw --numstat --patch -z --no-abbrev --no-renames \
    --no-color --no-ext-diff --no-textconv --ignore-submodules=all --unified=3 --inter-hunk-context=0 --submodule=short \
    --src-prefix=a/ --dst-prefix=b/ "$@" -- ${"$"}{only:+"$only"}
}
if [ "$scope" = turn ]; then
  after=$(tree_of "refs/turns/$turn") || exit 0
  before=$(tree_of "refs/turns/$turn^") || before=$base
  difference "$before" "$after"
  exit
fi
from=$base
[ "$scope" = open ] && from=${"$"}{accepted:-$base}
use_index "$from"
keep_index "$from"
git ls-files -z --others --exclude-standard --exclude node_modules | grep -zv '/$' | head -zn ${changesLimits.filesMax + 1} |
  git add -N --pathspec-from-file=- --pathspec-file-nul 2>/dev/null
difference "$from"
`;

/** The program that prints where the work in that root began, its turns, and the differences asked for. It runs inside. */
export const diffProgram = (root: string, path: string | null, asked: Asked): ExecRequest =>
  gitProgram(script, root, {
    args: "turnId" in asked ? ["turn", asked.turnId, path ?? ""] : [asked.scope, "", path ?? ""],
    timeoutMs: diffMsMax,
  });
