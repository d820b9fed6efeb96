import { type TrialFile, type TrialRequest, type TrialResult, trialLimits } from "@threadbox/contracts/sandbox-host";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureBody, openTestHost, sandboxName, type TestHost } from "./host.testing.ts";
import { requireSandboxes } from "./require-sandboxes.testing.ts";

const opened = await requireSandboxes(() => openTestHost());
// Only a host that runs as root can make a copy.
const isRoot = process.getuid?.() === 0;

const encode = (text: string) => Buffer.from(text).toString("base64");
const decode = ({ path, content }: TrialFile) => [
  path,
  content === null ? null : Buffer.from(content, "base64").toString(),
];

describe.skipIf(opened === undefined || !isRoot)("a command that is tried on a copy", () => {
  const name = sandboxName();
  const at = `/sandboxes/${name}`;
  let host: TestHost;

  const post = (path: string, body: unknown) =>
    host.json(`${at}/${path}`, { method: "POST", body: JSON.stringify(body) });
  const exec = async (command: string) => (await post("exec", { argv: ["bash", "-c", command] })) as { stdout: string };
  const attempt = async (command: string, files: TrialRequest["files"] = []) => {
    const body: TrialRequest = { exec: { argv: ["bash", "-c", command], timeoutMs: 20_000 }, files };
    return (await post("trials", body)) as TrialResult;
  };

  beforeAll(async () => {
    if (opened === undefined) return;
    host = opened;
    // A busy machine takes longer than one answer waits.
    for (let state = "starting"; state === "starting"; ) {
      const answer = await host.json(at, { method: "PUT", body: ensureBody(1) });
      state = String(Reflect.get(Object(answer), "status"));
    }
    await exec(
      "mkdir -p a/b && echo one > a/one.txt && echo two > a/b/two.txt && echo three > three.txt && ln -s three.txt link",
    );
  });
  afterAll(() => opened?.close());

  test("tells each file that it would write, change or remove, and the workspace stays as it is", async () => {
    const { result, changes, unshown } = await attempt(
      "cat given.txt; echo more >> three.txt; rm -r a; mkdir a; echo new > a/new.txt; echo $HOME > ~/x; touch same; cat a/new.txt",
      [{ path: "given.txt", content: encode("given\n") }],
    );
    expect(result).toMatchObject({ exitCode: 0, stdout: "given\nnew\n", isTimedOut: false });
    expect(Object.fromEntries(changes.map(decode))).toEqual({
      "given.txt": "given\n",
      "three.txt": "three\nmore\n",
      "a/new.txt": "new\n",
      "a/one.txt": null,
      "a/b/two.txt": null,
      same: "",
    });
    expect(unshown).toEqual([]);
    const { stdout } = await exec("cat three.txt a/one.txt a/b/two.txt; ls; ls ~/x 2>&1");
    expect(stdout).toBe(
      "three\none\ntwo\na\nlink\nthree.txt\nls: cannot access '/home/agent/x': No such file or directory\n",
    );
  });

  test("begins with the files that it is given, also with those that are gone", async () => {
    const { result, changes } = await attempt("ls; cat three.txt", [
      { path: "a/one.txt", content: null },
      { path: "three.txt", content: encode("else") },
    ]);
    expect(result.stdout).toBe("a\nlink\nthree.txt\nelse");
    expect(changes.map(decode)).toEqual([
      ["a/one.txt", null],
      ["three.txt", "else"],
    ]);
  });

  test("names what is no content of a file, and what is too much", async () => {
    const odd = await attempt("ln -s a new-link; mkfifo pipe; chmod +x three.txt; rm link");
    expect(odd.changes).toEqual([]);
    expect([...odd.unshown].sort()).toEqual([
      "link (a link or a special file)",
      "new-link (a link or a special file)",
      "pipe (a link or a special file)",
      "three.txt (its mode)",
    ]);
    const many = await attempt(`for i in $(seq ${trialLimits.filesMax + 5}); do echo $i > $i; done`);
    expect(many.unshown).toContain(`more than ${trialLimits.filesMax} files`);
    const large = await attempt("head -c 5000000 /dev/zero > big");
    expect(large.unshown).toEqual(["big (its size)"]);
  });

  test("has no way out, reaches no process of the sandbox, and leaves none behind", async () => {
    await exec("sleep 1000 & echo");
    const { result } = await attempt(
      "(sleep 1000 &) ; curl -sS -m 5 https://example.com 2>&1; ls /run/threadbox 2>&1; pgrep -c opencode; ip link 2>/dev/null | grep -c eth",
    );
    expect(result.stdout).toMatch(/curl|Could not|Failed/);
    expect(result.stdout).not.toMatch(/egress\.sock|control\.sock/);
    expect(result.stdout).toMatch(/\n0\n/);
    const late = (await post("trials", { exec: { argv: ["sleep", "60"], timeoutMs: 300 }, files: [] })) as TrialResult;
    expect(late.result.isTimedOut).toBe(true);
  });

  test("begins with no file outside of the workspace", async () => {
    const body = JSON.stringify({ exec: { argv: ["true"] }, files: [{ path: "../x", content: "" }] });
    expect((await host.request(`${at}/trials`, { method: "POST", body })).status).toBe(400);
  });
});
