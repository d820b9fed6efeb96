import * as fs from "node:fs/promises";
import { createServer, type Server } from "node:http";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { DockerWatch } from "./docker-watch.ts";
import { findDocker } from "./find-docker.ts";

const limits = { memoryMib: 512, pids: 64, cpus: 1, tmpfsMib: 16, fileMib: 16 };
const able = {
  OSType: "linux",
  CgroupDriver: "cgroupfs",
  SecurityOptions: ["name=seccomp"],
  MemoryLimit: true,
  PidsLimit: true,
};

const opened: { readonly folder: string; readonly server: Server }[] = [];
afterEach(async () => {
  for (const { folder, server } of opened.splice(0)) {
    server.close();
    server.closeAllConnections();
    await fs.rm(folder, { recursive: true, force: true });
  }
});

/** An engine that tells this of itself and has one image, or none, and runs nothing. */
const engine = async (info: object, labels?: Record<string, string>) => {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), "threadbox-engine-"));
  const seen = { looks: 0 };
  const server = createServer((request, response) => {
    const answer = (status: number, body: object) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (request.url === "/info") {
      seen.looks += 1;
      answer(200, info);
    } else if (request.url?.startsWith("/images/") === true && labels !== undefined)
      answer(200, { Config: { Labels: labels } });
    else answer(404, { message: "there is no such thing" });
  });
  const socket = path.join(folder, "docker.sock");
  await new Promise<void>((done) => server.listen(socket, done));
  opened.push({ folder, server });
  const question = {
    dockerHost: `unix://${socket}`,
    image: "ours",
    state: "state",
    folder: path.join(folder, "probe"),
    limits,
  };
  return { question, seen };
};

describe("a Docker engine", () => {
  test("behind another machine's address isn't used: it sees none of this one's files", async () => {
    const question = { dockerHost: "tcp://10.0.0.1:2375", image: "ours", state: "state", folder: "/nowhere", limits };
    expect(await findDocker(question)).toMatchObject({
      refusal: expect.stringContaining("DOCKER_HOST must name a socket"),
    });
  });

  test("that doesn't answer is said to be away, with where it was looked for", async () => {
    const question = {
      dockerHost: "unix:///nowhere/docker.sock",
      image: "ours",
      state: "state",
      folder: "/nowhere",
      limits,
    };
    expect(await findDocker(question)).toEqual({ refusal: "No Docker engine answers at /nowhere/docker.sock." });
  });

  test.each([
    [{ ...able, OSType: "windows" }, "needs Linux|need Linux"],
    [{ ...able, SecurityOptions: [] }, "can't filter system calls"],
    [{ ...able, SecurityOptions: ["name=seccomp,profile=default", "name=rootless"] }, "maps users"],
    [{ ...able, SecurityOptions: ["name=seccomp", "name=userns"] }, "maps users"],
  ])("that lacks what holds a sandbox is refused with the reason: %j", async (info, words) => {
    const { question } = await engine(info);
    expect(await findDocker(question)).toMatchObject({ refusal: expect.stringMatching(new RegExp(words)) });
  });

  test("without our image, or with one of another OpenCode, says what makes it", async () => {
    const without = await engine(able);
    expect(await findDocker(without.question)).toEqual({ refusal: "Docker has no image ours: npm run image" });
    const old = await engine(able, { "threadbox.opencode": "0.1.0" });
    expect(await findDocker(old.question)).toMatchObject({
      refusal: expect.stringMatching(/has OpenCode 0\.1\.0, not .*npm run image/),
    });
  });

  test("that was refused is looked at again after a moment, and not at every question", async () => {
    const { question, seen } = await engine(able);
    let now = 0;
    const watch = new DockerWatch(question, () => now);
    await Promise.all([watch.find(), watch.find()]);
    await watch.find();
    expect(seen.looks).toBe(1);
    now = 6_000;
    await watch.find();
    expect(seen.looks).toBe(2);
  });
});
