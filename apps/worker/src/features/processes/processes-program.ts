import { openCodePort } from "@threadbox/contracts/opencode";
import type { ExecRequest } from "@threadbox/contracts/sandbox-host";

const [lookMsMax, stopMsMax] = [5_000, 10_000];
/** Arguments told of one process, and characters of each. */
const [argumentsMax, argumentLengthMax] = [32, 300];
/** A process that does not end when it is asked to is killed after so long. */
const graceSeconds = 3;

const list = String.raw`
read -r up _ < /proc/uptime && printf '%s\0%s\0%s\0' "$up" "$(getconf CLK_TCK 2>/dev/null || echo 100)" "$(getconf PAGESIZE 2>/dev/null || echo 4096)"
for folder in /proc/[0-9]*; do
  { IFS= read -r -d '' stat < "$folder/stat"; [ -n "$stat" ] && mapfile -d '' -n ${argumentsMax} argv < "$folder/cmdline"; } 2>/dev/null || continue
  printf '%s\0%s\0' "$stat" "${"$"}{#argv[@]}"
  for each in "${"$"}{argv[@]}"; do printf '%s\0' "${"$"}{each:0:${argumentLengthMax}}"; done
done
`;

/** The program that prints how long the machine is up, its ticks and pages, and each process with its arguments. It runs inside. */
export const processesProgram: ExecRequest = { argv: ["bash", "-c", list, "processes"], timeoutMs: lookMsMax };

/** Arguments: the pid and the start of each. What has ended meanwhile, or is another by now, is let alone. */
const stop = `
ours=("$@")
is() {
  local stat=
  [ -r "/proc/$1/stat" ] && IFS= read -r -d '' stat 2>/dev/null < "/proc/$1/stat"
  set -- "$2" \${stat##*) }
  [ "\${21:-}" = "$1" ]
}
each() {
  local at
  for ((at = 0; at < \${#ours[@]}; at += 2)); do is "\${ours[at]}" "\${ours[at + 1]}" && kill -s "$1" "\${ours[at]}" 2>/dev/null; done
}
any() {
  local at
  for ((at = 0; at < \${#ours[@]}; at += 2)); do is "\${ours[at]}" "\${ours[at + 1]}" && return 0; done
  return 1
}
each TERM
for ((round = 0; round < ${graceSeconds * 10}; round += 1)); do any || exit 0; sleep 0.1; done
each KILL
`;

/** The program that ends those processes. It runs inside. */
export const stopProgram = (
  processes: readonly { readonly pid: number; readonly startTicks: number }[],
): ExecRequest => ({
  argv: ["bash", "-c", stop, "stop", ...processes.flatMap(({ pid, startTicks }) => [`${pid}`, `${startTicks}`])],
  timeoutMs: stopMsMax,
});

/** What OpenCode's own command line says, whichever way it was started. */
export const isOpenCode = (argv: readonly string[]): boolean =>
  argv.includes("serve") && (argv.includes(`${openCodePort}`) || argv.includes(`--port=${openCodePort}`));
