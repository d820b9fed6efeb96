import { type ChildProcessByStdio, execFileSync, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Readable } from "node:stream";
import { describe, expect, onTestFinished, test } from "vitest";

const shell = path.join(import.meta.dirname, "bash");
type Shell = ChildProcessByStdio<null, Readable, Readable>;

/** As OpenCode starts it: a process group of its own, and nothing to read. */
const start = (command: string, cwd = os.tmpdir()): Shell =>
  spawn(shell, ["-c", command], { cwd, detached: true, stdio: ["ignore", "pipe", "pipe"] });

/** Waits as OpenCode does, until nobody holds the output any more. */
const endOf = (child: Shell): Promise<{ code: number | null; output: string }> => {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += String(chunk);
    });
  }
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, output })));
};

const run = (command: string, cwd?: string) => endOf(start(command, cwd));

/** Whether it runs, and ends it; the pid is the first of the listed jobs. */
const endListedJob = (output: string): boolean => {
  const pid = Number(/still running:\n(\d+) {2}/.exec(output)?.[1]);
  return process.kill(pid, "SIGKILL");
};

describe("a command of the agent", () => {
  test("hands on its output and its exit code", async () => {
    expect(await run("echo out; echo err >&2; exit 3")).toEqual({ code: 3, output: "out\nerr\n" });
  });

  test.each(["kill -SEGV $$", "exec perl -e 'kill \"SEGV\", $$'"])(
    "that a signal ends is told from one that runs on: %s",
    async (command) => {
      expect(await run(command)).toEqual({ code: 139, output: "The command was ended by SIGSEGV (exit code 139).\n" });
    },
  );

  test.each([
    "sleep 1000 & echo started",
    "nohup sleep 1000 & echo started",
    "nohup sleep 1000 >/dev/null 2>&1 & echo started",
    "setsid sleep 1000 & echo started",
    "(sleep 1000 &); echo started",
    "sleep 1000 & disown; echo started",
    "sleep 1000 & echo started; false",
  ])("ends while what it left in the background lives on and is listed: %s", async (command) => {
    const { output } = await run(command);
    expect(output).toMatch(/^started\n1 background job is still running:\n\d+ {2}(nohup )?sleep 1000\n/);
    expect(endListedJob(output)).toBe(true);
  });

  test("leaves what a background job prints later in the file it names", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "threadbox-shell-"));
    onTestFinished(() => fs.rmSync(folder, { recursive: true }));
    const { output } = await run(
      `mkfifo go done; (read -r line <go; echo "late $line"; echo >done) & echo started`,
      folder,
    );
    const log = /from now on is in (\S+)/.exec(output)?.[1] ?? "";
    onTestFinished(() => fs.rmSync(log, { force: true }));
    const watched = new Promise<void>((resolve) => {
      const look = () =>
        fs.existsSync(log) && fs.readFileSync(log, "utf8") === "late word\n" ? resolve() : setImmediate(look);
      look();
    });
    execFileSync("sh", ["-c", "echo word >go; read -r _ <done"], { cwd: folder });
    await watched;
  });

  test("that ignores every gentle signal ends all the same, and what it printed stays", async () => {
    const child = start(`trap "" TERM INT HUP; echo trapped; sleep 300`);
    const ended = endOf(child);
    await new Promise((resolve) => child.stdout.once("data", resolve));
    process.kill(-(child.pid ?? Number.NaN), "SIGTERM");
    expect(await ended).toEqual({ code: 143, output: "trapped\n" });
  });

  test("prints where it would open a pager, and finds no editor to open, whatever asks for one", async () => {
    const paged = ["$PAGER", "$GIT_PAGER", "$MANPAGER"].map((pager) => `${pager} <text.txt`).join("; ");
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "threadbox-shell-"));
    onTestFinished(() => fs.rmSync(folder, { recursive: true }));
    fs.writeFileSync(path.join(folder, "text.txt"), "long\n".repeat(500));
    const { output } = await run(`${paged}; true`, folder);
    expect(output.match(/^long$/gm)).toHaveLength(1_500);
    // As `crontab -e`, `sudoedit` and their like do.
    for (const editor of ["EDITOR", "VISUAL", "GIT_EDITOR", "GIT_SEQUENCE_EDITOR"]) {
      const ended = await run(`"\${${editor}:-vi}" text.txt`, folder);
      expect(ended, editor).toEqual({ code: 1, output: expect.stringContaining("There is no editor here.") });
    }
  });

  test.each(["git commit", "git rebase -i HEAD"])(
    "fails and says so instead of opening an editor: %s",
    async (command) => {
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), "threadbox-shell-"));
      onTestFinished(() => fs.rmSync(folder, { recursive: true }));
      const prepare =
        "git init -q && git config user.name a && git config user.email a@b && git commit -q --allow-empty -m one";
      execFileSync("sh", ["-c", `${prepare} && echo a >a && git add a`], { cwd: folder });
      if (command.startsWith("git rebase")) execFileSync("git", ["commit", "-qm", "two"], { cwd: folder });
      const { code, output } = await run(command, folder);
      expect(code).toBe(1);
      expect(output).toContain("There is no editor here.");
    },
  );
});
