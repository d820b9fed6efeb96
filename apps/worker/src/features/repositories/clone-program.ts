import { workspacePath } from "@threadbox/contracts/opencode";
import type { ExecRequest } from "@threadbox/contracts/sandbox-host";

const startMsMax = 10_000;
/** Git is ended after so long. */
const cloneSecondsMax = 900;
/** One wait for the end of a clone; whoever waits longer waits again. */
const waitSeconds = 60;

const folder = `
set -u
state="\${XDG_CACHE_HOME:-\${HOME:-/tmp}/.cache}/threadbox/clone"
`;

/**
 * Git in a group of its own, which outlives the answer. It speaks https and nothing else, asks nobody, runs no hook of the
 * repository's and fetches neither submodules nor what a filter would. The lock is held for as long as it runs.
 */
const start = String.raw`${folder}
mkdir -p "$state" && exec 9> "$state/lock" || exit 5
flock -n 9 || exit 3
cd "$4" || exit 5
[ -z "$(ls -A . | head -c 1)" ] || exit 4
rm -f "$state/end" && : > "$state/log" && printf '%s' "$1" > "$state/asked" || exit 5
setsid bash -c '
  export GIT_ALLOW_PROTOCOL=https GIT_TERMINAL_PROMPT=0 GIT_ASKPASS=true SSH_ASKPASS=true GIT_LFS_SKIP_SMUDGE=1 LC_ALL=C
  timeout -k 5 ${cloneSecondsMax} git -c protocol.ext.allow=never -c core.hooksPath=/dev/null -c core.fsmonitor=false \
    -c credential.helper= clone --progress --no-recurse-submodules --template= \
    ${"$"}{2:+--branch="$2"} ${"$"}{3:+--depth="$3"} -- "$1" "$4"
  printf "%s" "$?" > "$5/end"
' clone "$1" "$2" "$3" "$4" "$state" < /dev/null > /dev/null 2> "$state/log" &
`;

/** Exit codes of the program that begins a clone, beside 0. */
export const cloneExit = { isRunning: 3, isNotEmpty: 4 } as const;

export interface CloneOrder {
  readonly url: string;
  readonly branch?: string | undefined;
  readonly isShallow?: boolean | undefined;
}

/** The program that begins a clone into the workspace. It runs inside. */
export const startProgram = ({ url, branch = "", isShallow = false }: CloneOrder): ExecRequest => ({
  argv: ["bash", "-c", start, "clone", url, branch, isShallow ? "1" : "", workspacePath],
  timeoutMs: startMsMax,
});

const own = "git -c safe.directory='*' -c core.fsmonitor=false";

const read = String.raw`${folder}
[ -r "$state/asked" ] || { printf 'none\0'; exit; }
if ! flock -n "$state/lock" true; then now=running
elif [ -r "$state/end" ]; then now=$(head -c 8 "$state/end")
else now=interrupted
fi
printf '%s\0%s\0' "$now" "$(head -c 2000 "$state/asked")"
tail -c 3000 "$state/log" 2>/dev/null | tr -d '\0'
printf '\0'
[ "$now" = 0 ] || exit 0
cd "$1" || exit 0
printf '%s\0%s\0' "$(${own} rev-parse -q --verify HEAD)" "$(${own} symbolic-ref -q --short HEAD)"
`;

/** The program that prints how it stands: state or exit code, address, the end of what git said, commit and branch. */
export const readProgram: ExecRequest = { argv: ["bash", "-c", read, "clone", workspacePath], timeoutMs: startMsMax };

const wait = `${folder}
[ -e "$state/lock" ] && flock -w ${waitSeconds} "$state/lock" true
`;

/** The program that ends when no clone runs any more, or after a minute. */
export const waitProgram: ExecRequest = { argv: ["bash", "-c", wait, "clone"], timeoutMs: (waitSeconds + 10) * 1_000 };
