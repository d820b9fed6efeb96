import { describe, expect, onTestFinished, test } from "vitest";
import { close, freePort, listen } from "./ports.testing.ts";
import { portProblem, requireFreePorts } from "./ports.ts";
import { StartRefusal } from "./start-refusal.ts";

const hold = async (host: string): Promise<number> => {
  const port = await freePort();
  const server = await listen(port, host);
  onTestFinished(() => close(server));
  return port;
};

const saying = (answers: Record<string, string>) => async (_: number, host: string) => answers[host];

describe("a port of the product", () => {
  test("is taken while anything listens on the loopback address of IPv4, and free afterwards", async () => {
    const port = await freePort();
    const server = await listen(port, "127.0.0.1");
    expect(await portProblem(port)).toBe("taken");
    await close(server);
    expect(await portProblem(port)).toBeUndefined();
  });

  test("is taken while a stranger holds it on IPv6 alone, where a browser would find the stranger", async () => {
    expect(await portProblem(4000, saying({ "::1": "EADDRINUSE" }))).toBe("taken");
    const port = await hold("::1").catch((error: NodeJS.ErrnoException) => error.code);
    // A machine without IPv6 has nowhere to hold it.
    if (typeof port === "number") expect(await portProblem(port)).toBe("taken");
    else expect(["EADDRNOTAVAIL", "EAFNOSUPPORT"]).toContain(port);
  });

  test("is free on a machine that has no IPv6", async () => {
    for (const code of ["EADDRNOTAVAIL", "EAFNOSUPPORT"]) {
      expect(await portProblem(4000, saying({ "::1": code }))).toBeUndefined();
      expect(await portProblem(4000, saying({ "::1": code, "127.0.0.1": "EADDRINUSE" }))).toBe("taken");
    }
  });

  test("that this user may not open is not called taken", async () => {
    expect(await portProblem(80, saying({ "::1": "EACCES", "127.0.0.1": "EACCES" }))).toBe("forbidden");
  });

  test("that is taken is refused with its number and the key that moves it", async () => {
    const [web, worker, convex, identity, codemode, codemodeWatchdog] = await Promise.all([
      freePort(),
      freePort(),
      freePort(),
      freePort(),
      freePort(),
      freePort(),
    ]);
    const ports = { web, worker, convex, identity, codemode, codemodeWatchdog, sandboxHost: await hold("127.0.0.1") };
    await expect(requireFreePorts(ports)).rejects.toThrow(
      new StartRefusal(
        `port ${ports.sandboxHost} is already in use. Free it, or choose another with SANDBOX_HOST_PORT=<port>.`,
      ),
    );
  });
});
