import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { nodeProblem, roomProblem, root } from "./bootstrap.mjs";

describe("before anything is installed", () => {
  test("a Node that is too old is named with the one that is needed", () => {
    for (const version of ["8.17.0", "18.20.4", "19.9.0"]) {
      expect(nodeProblem(version)).toBe(`this is Node ${version}, and Threadbox needs Node 20 or newer.`);
    }
    for (const version of ["20.0.0", "24.11.1", "100.0.0"]) expect(nodeProblem(version)).toBeUndefined();
  });

  test("too little room for the packages is said in numbers", () => {
    expect(roomProblem(700 * 1024 ** 2)).toBe("only 700 MB of disk space is free, and the packages need about 3 GB.");
    expect(roomProblem(3 * 1024 ** 3)).toBeUndefined();
  });

  test.each(["start", "test", "check", "deploy", "bench"])(
    "%s on an old Node ends with that sentence alone",
    (verb) => {
      const old = 'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.20.4" } });';
      const entry = pathToFileURL(join(root, "scripts", `${verb}.mjs`)).href;
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        ["--input-type=module", "-e", `${old} await import(${JSON.stringify(entry)});`],
        { encoding: "utf8", env: { PATH: process.env.PATH } },
      );
      expect(stderr.trim()).toBe("Threadbox can't start: this is Node 18.20.4, and Threadbox needs Node 20 or newer.");
      expect([status, stdout]).toEqual([1, ""]);
    },
  );
});
