import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ConvexHttpClient } from "convex/browser";
import { afterEach, describe, expect, test } from "vitest";
import { api } from "../fixture/_generated/api.js";
import { freePort } from "./model/worlds.testing.ts";
import { authEnv, connect, fixtureFolder, testOrigin, watch } from "./server.testing.ts";

describe("the server as a process", () => {
  const processes: ChildProcess[] = [];
  const stateFolder = mkdtempSync(join(tmpdir(), "convex-state-"));
  afterEach(() => {
    for (const child of processes) child.kill("SIGKILL");
    rmSync(stateFolder, { recursive: true, force: true });
  });

  /** Resolves when the process logs that it is ready. */
  const start = async (port: number): Promise<ChildProcess> => {
    const child = spawn(process.execPath, [join(import.meta.dirname, "main.ts")], {
      env: {
        ...authEnv,
        CONVEX_PORT: String(port),
        CONVEX_DIR: fixtureFolder,
        CONVEX_STATE: stateFolder,
        APP_ORIGIN: testOrigin,
        CONVEX_FUNCTION_ENV: Object.keys(authEnv).join(","),
      },
      stdio: ["ignore", "pipe", "inherit"],
    });
    processes.push(child);
    for await (const line of createInterface({ input: child.stdout })) {
      if (JSON.parse(line).msg === "convex is ready") return child;
    }
    throw new Error("The server ended before it was ready.");
  };

  const exit = (child: ChildProcess): Promise<unknown> => new Promise((resolve) => child.once("exit", resolve));

  test("killed in a burst of mutations, it loses none and repeats none, and clients come back by themselves", async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const first = await start(port);
    const [writer, reader] = [connect(url), connect(url)];
    const bodies = watch(reader, api.messages.bodies, { thread: "burst" });
    await bodies.until((value) => value.length === 0);

    const sent = Array.from({ length: 40 }, (_, index) => `m${index}`);
    const mutations = sent.map((body, order) => writer.mutation(api.messages.send, { thread: "burst", body, order }));
    await mutations[10];
    const died = exit(first);
    first.kill("SIGKILL");
    await died;
    await start(port);

    await Promise.all(mutations);
    expect(await bodies.until((value) => value.length >= sent.length)).toEqual(sent);
    expect(await new ConvexHttpClient(url).query(api.messages.bodies, { thread: "burst" })).toEqual(sent);
    await Promise.all([writer.close(), reader.close()]);
  });

  test("told to end, it ends cleanly, and a second one on the same state is refused meanwhile", async () => {
    const port = await freePort();
    const child = await start(port);
    await expect(start(await freePort())).rejects.toThrow(/ended before/);
    const died = exit(child);
    child.kill("SIGTERM");
    expect(await died).toBe(0);
  });
});
