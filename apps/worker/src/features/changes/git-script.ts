import { workspacePath } from "@threadbox/contracts/opencode";
import type { ExecRequest } from "@threadbox/contracts/sandbox-host";

/**
 * What every program of the changes begins with; its first argument is the root. Git compares through indexes and a store
 * of ours outside the workspace, so the repository that people and the agent use keeps its own index and its own history.
 *
 * Sets `base`, where the thread's work began: `commit`, the one that was cloned, or an empty tree. `refs/accepted/<base>`
 * is the tree of what was accepted since; `refs/heads/turns` has a commit for the end of each turn that changed files,
 * and `refs/turns/<id>` names that of a turn.
 */
const prelude = String.raw`
set -u
export GIT_LITERAL_PATHSPECS=1 GIT_OPTIONAL_LOCKS=0 LC_ALL=C.UTF-8
root=$1 base=4b825dc642cb6eb9a060e54bf8d69288fbee4904 commit=
shift
state="${"$"}{XDG_CACHE_HOME:-${"$"}{HOME:-/tmp}/.cache}/threadbox/changes"
mkdir -p "$state" && cd "$root" || exit 1
own() { git -c safe.directory='*' -c core.fsmonitor=false rev-parse --path-format=absolute --git-common-dir; }
if [ -e .git ] && dir=$(own 2>/dev/null) && [ -r "$dir/logs/HEAD" ]; then
  export GIT_ALTERNATE_OBJECT_DIRECTORIES="$dir/objects"
  IFS=' ' read -r _ first said < "$dir/logs/HEAD"
  case $said in *$'\t''clone: '*) [[ $first =~ ^[0-9a-f]{40}$ ]] && commit=$first ;; esac
fi
export GIT_DIR="$state/$(printf %s "$root" | sha1sum | cut -c1-40).git"
[ -d "$GIT_DIR/objects" ] || git init -q --bare "$GIT_DIR" || exit 1
export GIT_WORK_TREE="$root"
[ -n "$commit" ] && git cat-file -e "$commit^{tree}" 2>/dev/null && base=$commit || commit=
tree_of() { git rev-parse -q --verify "$1^{tree}" 2>/dev/null; }
accepted=$(tree_of "refs/accepted/$base") || accepted=
# An index of a tree is kept from look to look, as it remembers which files it has seen to be unchanged.
use_index() {
  kept="$GIT_DIR/index.$1"
  export GIT_INDEX_FILE="$kept.$$"
  trap 'rm -f "$GIT_INDEX_FILE" "$GIT_INDEX_FILE.lock" "$GIT_INDEX_FILE.kept"' EXIT
  cp "$kept" "$GIT_INDEX_FILE" 2>/dev/null || git read-tree "$1" || exit 1
  git update-index -q --ignore-submodules --refresh >/dev/null
}
keep_index() { cp "$GIT_INDEX_FILE" "$GIT_INDEX_FILE.kept" && mv "$GIT_INDEX_FILE.kept" "$GIT_DIR/index.$1"; }
`;

/** A program of git's in one root of the workspace. It runs inside. */
export const gitProgram = (
  script: string,
  root: string,
  { args, timeoutMs, stdin }: { readonly args: readonly string[]; readonly timeoutMs: number; readonly stdin?: string },
): ExecRequest => ({
  argv: ["bash", "-c", prelude + script, "changes", root === "" ? workspacePath : `${workspacePath}/${root}`, ...args],
  timeoutMs,
  ...(stdin === undefined ? {} : { stdin }),
});
