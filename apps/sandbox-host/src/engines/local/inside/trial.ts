/**
 * The only program of a trial's jail. It writes the files that the trial begins with, runs the program, kills whatever that has
 * left behind, and tells how the copy of the workspace differs from the workspace. What it says is the sandbox's word: it is
 * shown to a person before anything of it is done.
 *
 * Standard input: `TrialStart` as JSON. Standard output: `TrialEnd` as JSON.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { runProgram } from "./program.ts";
import type { TrialEnd, TrialStart } from "./protocol.ts";
import { trialChanges } from "./trial-changes.ts";

const start = JSON.parse(fs.readFileSync(0, "utf8")) as TrialStart;

for (const { path: relative, content } of start.files) {
  const at = path.join(start.workspace, relative);
  fs.rmSync(at, { recursive: true, force: true });
  if (content === null) continue;
  fs.mkdirSync(path.dirname(at), { recursive: true });
  fs.writeFileSync(at, Buffer.from(content, "base64"));
}

runProgram(start.program, start.environment, (result) => {
  try {
    // Everybody but this process and the jail's first one.
    process.kill(-1, "SIGKILL");
  } catch {
    // There is nobody.
  }
  const end: TrialEnd = { result, ...trialChanges(start) };
  fs.writeFileSync(1, JSON.stringify(end));
  process.exit(0);
});
