import type { AcceptedFile } from "@threadbox/contracts/changes";
import type { ExecRequest } from "@threadbox/contracts/sandbox-host";
import { gitProgram } from "./git-script.ts";

const acceptMsMax = 30_000;

/** What the program ends with where the hunks aren't the ones that are open. */
export const conflictExit = 3;

/**
 * Input: the patch. Arguments: `undo` or nothing, `patch` or nothing, then the paths, each behind a letter: `m`: the mode of what the patch made
 * of it is the file's own; `w`: all of the file as it is. Both the tree of what is accepted and the index that goes with
 * it are made anew, so that a look that goes on meanwhile keeps its own.
 */
const script = String.raw`
undo=$1 patch=$2
shift 2
exec 8>"$GIT_DIR/accepting" && flock -w 20 8 || exit 1
accepted=$(tree_of "refs/accepted/$base") || accepted=
use_index "${"$"}{accepted:-$base}"
[ -z "$patch" ] || git apply --cached --whitespace=nowarn ${"$"}{undo:+-R} - || exit ${conflictExit}
set_mode() {
  read -r mode blob _ <<<"$(git ls-files -s -- "$1")"
  [ -n "${"$"}{blob:-}" ] && [ -f "$1" ] && [ ! -L "$1" ] || return 0
  [ -x "$1" ] && mode=100755 || mode=100644
  printf '%s %s 0\t%s\0' "$mode" "$blob" "$1" | git update-index -z --index-info
}
take_whole() {
  if [ -z "$undo" ]; then git update-index --add --remove -- "$1"; return; fi
  git update-index --force-remove -- "$1"
  git ls-tree -z "$base" -- "$1" | git update-index -z --index-info
}
for each in "$@"; do
  case $each in m*) set_mode "${"$"}{each#?}" ;; w*) take_whole "${"$"}{each#?}" ;; esac || exit ${conflictExit}
done
tree=$(git write-tree) || exit 1
git update-index -q --ignore-submodules --refresh >/dev/null
for old in "$GIT_DIR"/index.*; do
  case ${"$"}{old##*/} in *.*.*|*".$base") ;; *) rm -f "$old" ;; esac
done
keep_index "$tree"
if [ "$tree" = "$(tree_of "$base")" ]; then git update-ref -d "refs/accepted/$base"; else git update-ref "refs/accepted/$base" "$tree"; fi
`;

const escapes: Readonly<Record<string, string>> = { "\n": "\\n", "\t": "\\t", "\r": "\\r", '"': '\\"', "\\": "\\\\" };

/** A name as git writes it between quotes. */
const quoted = (name: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: names may hold them, and git writes them so
  `"${name.replace(/[\x00-\x1f"\\]/g, (each) => escapes[each] ?? `\\${each.charCodeAt(0).toString(8).padStart(3, "0")}`)}"`;

const headOf = ({ path, change }: AcceptedFile): string => {
  const [before, after] = [quoted(`a/${path}`), quoted(`b/${path}`)];
  const names = `diff --git ${before} ${after}\n`;
  if (change === "added") return `${names}new file mode 100644\n--- /dev/null\n+++ ${after}\n`;
  if (change === "deleted") return `${names}deleted file mode 100644\n--- ${before}\n+++ /dev/null\n`;
  return `${names}--- ${before}\n+++ ${after}\n`;
};

/** The program that accepts these files of one root, whose paths are relative to that. It runs inside. */
export const acceptProgram = (root: string, files: readonly AcceptedFile[], isUndone: boolean): ExecRequest => {
  const patch = files
    .map((file) => (file.hunks === null || file.hunks === "" ? "" : headOf(file) + file.hunks))
    .join("");
  const paths = files.flatMap((file): readonly string[] => {
    if (file.hunks === null || file.hunks === "") return [`w${file.path}`];
    return file.isWhole && !isUndone ? [`m${file.path}`] : [];
  });
  return gitProgram(script, root, {
    args: [isUndone ? "undo" : "", patch === "" ? "" : "patch", ...paths],
    timeoutMs: acceptMsMax,
    stdin: patch,
  });
};
