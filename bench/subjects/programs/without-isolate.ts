/** The floor: the same request, calls and answer, without anything that runs a program. */
import { servePrograms } from "./serve.ts";

await servePrograms(async (program, call) => {
  const [, count = "0"] = /at < (\d+)/.exec(program) ?? [];
  let sum = 0;
  for (let at = 0; at < Number(count); at += 1) sum += ((await call("workspace.read", { at })) as { at: number }).at;
  return sum;
});
