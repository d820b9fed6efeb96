import { changesLimits } from "@threadbox/contracts/changes";
import { workspacePath } from "@threadbox/contracts/opencode";
import type { ExecRequest } from "@threadbox/contracts/sandbox-host";

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

/**
 * Arguments: the root, the workspace's path of one file or nothing. Git compares through an index and an empty store of
 * ours outside the workspace, so the repository that people and the agent use keeps its own index, and nothing is stored. The
 * index is kept, as it remembers which files it has seen to be unchanged.
 */
const script = String.raw`
set -u
export GIT_LITERAL_PATHSPECS=1 GIT_OPTIONAL_LOCKS=0 LC_ALL=C.UTF-8
root=$1 only=$2 base=4b825dc642cb6eb9a060e54bf8d69288fbee4904 commit=
state="${"$"}{XDG_CACHE_HOME:-${"$"}{HOME:-/tmp}/.cache}/threadbox/changes"
mkdir -p "$state" && cd "$root" || exit 1
own() { git -c safe.directory='*' -c core.fsmonitor=false rev-parse --path-format=absolute --git-common-dir; }
if [ -e .git ] && dir=$(own 2>/dev/null) && [ -r "$dir/logs/HEAD" ]; then
  export GIT_ALTERNATE_OBJECT_DIRECTORIES="$dir/objects"
  IFS=' ' read -r _ first said < "$dir/logs/HEAD"
  case $said in *$'\t''clone: '*) [[ $first =~ ^[0-9a-f]{40}$ ]] && commit=$first ;; esac
fi
export GIT_DIR="$state/empty.git"
[ -d "$GIT_DIR/objects" ] || git init -q --bare "$GIT_DIR" || exit 1
export GIT_WORK_TREE="$root"
[ -n "$commit" ] && git cat-file -e "$commit^{tree}" 2>/dev/null && base=$commit || commit=
kept="$state/$(printf '%s %s' "$base" "$root" | sha1sum | cut -c1-40)"
export GIT_INDEX_FILE="$kept.$$"
trap 'rm -f "$GIT_INDEX_FILE" "$GIT_INDEX_FILE.lock" "$GIT_INDEX_FILE.kept"' EXIT
cp "$kept" "$GIT_INDEX_FILE" 2>/dev/null || git read-tree "$base" || exit 1
git update-index -q --ignore-submodules --refresh >/dev/null
cp "$GIT_INDEX_FILE" "$GIT_INDEX_FILE.kept" && mv "$GIT_INDEX_FILE.kept" "$kept"
git ls-files -z --others --exclude-standard --exclude node_modules | grep -zv '/$' | head -zn ${changesLimits.filesMax + 1} |
  git add -N --pathspec-from-file=- --pathspec-file-nul 2>/dev/null
printf '%s\0' "$commit"
git -c core.quotePath=false -c core.bigFileThreshold=2m diff --raw --numstat --patch -z --no-abbrev --no-renames --no-color \
  --no-ext-diff --no-textconv --ignore-submodules=all --unified=3 --inter-hunk-context=0 --submodule=short \
  --src-prefix=a/ --dst-prefix=b/ "$base" -- ${"$"}{only:+"$only"}
`;

/** The program that prints the commit cloned into that root, and all differences from it. It runs inside. */
export const diffProgram = (root: string, path: string | null): ExecRequest => ({
  argv: ["bash", "-c", script, "changes", root === "" ? workspacePath : `${workspacePath}/${root}`, path ?? ""],
  timeoutMs: diffMsMax,
});
