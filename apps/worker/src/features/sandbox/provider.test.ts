import { Generation } from "@threadbox/contracts/ids";
import { sandboxHostApi } from "@threadbox/contracts/sandbox-host";
import { Effect, Redacted } from "effect";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newThreadId } from "../../testing/tokens.testing.ts";
import { makeCloudflareProvider } from "./cloudflare-provider.ts";
import { makeLocalProvider } from "./local-provider.ts";
import { describeProviderContract, someName, startRequest, tagOf } from "./provider.contract.testing.ts";
import { makeSandboxClient } from "./sandboxes.ts";
import { quoteArgument } from "./shell.ts";
import { StubCloudflareSandbox } from "./stub-cloudflare.testing.ts";
import { refuse, StubSandboxHost } from "./stub-host.testing.ts";

const token = "control-channel-token";
const localConfig = { provider: "local", hostUrl: "http://host.test", hostToken: Redacted.make(token) } as const;
const local = () => {
  const host = new StubSandboxHost(token);
  return { host, provider: makeLocalProvider(localConfig, host.fetch) };
};

const cloudflare = (hasBackups: boolean) => {
  const container = new StubCloudflareSandbox();
  return { container, provider: makeCloudflareProvider(() => container, { hasBackups }) };
};

describeProviderContract("local", () => {
  const { host, provider } = local();
  return {
    provider,
    serve: (program) => {
      host.program = program;
    },
    breakDown: () => {
      host.override = () => Promise.reject(new Error("connection refused"));
    },
  };
});

for (const hasBackups of [true, false]) {
  describeProviderContract(`cloudflare (${hasBackups ? "with" : "without"} a backup bucket)`, () => {
    const { container, provider } = cloudflare(hasBackups);
    return {
      provider,
      serve: (program) => {
        container.program = program;
      },
      breakDown: () => {
        container.isBroken = true;
      },
    };
  });
}

const sandbox = someName("b");
const first = Generation.make(1);

describe("the local provider's control channel", () => {
  test("the program behind a port sees its own authorization; the host sees only the control token", async () => {
    const { host, provider } = local();
    await Effect.runPromise(provider.ensure(sandbox, startRequest(1)));
    const init = { headers: { authorization: "Basic b3BlbmNvZGU6cHc=" } };
    await Effect.runPromise(provider.fetchPort(sandbox, { port: 4096, generation: first, path: "/session?x=1", init }));
    const seen = host.requests.at(-1);
    expect(seen?.url).toBe(`http://host.test/v1/sandboxes/${sandbox}/ports/4096/session?x=1`);
    expect(Object.fromEntries(seen?.headers ?? [])).toMatchObject({
      authorization: `Bearer ${token}`,
      "x-forward-authorization": "Basic b3BlbmNvZGU6cHc=",
      "x-sandbox-generation": "1",
    });
  });

  test.each(["/../../../exec", "//evil.test/", "no-slash", `/../../${"a".repeat(32)}/exec`, "\\..\\exec"])(
    "a path cannot climb out of its port: %s",
    async (path) => {
      const { host, provider } = local();
      const outcome = await tagOf(provider.fetchPort(sandbox, { port: 4096, generation: first, path }));
      const reached = host.requests.map(({ url }) => url);
      expect(reached.every((url) => url.startsWith(`http://host.test/v1/sandboxes/${sandbox}/ports/4096/`))).toBe(true);
      if (reached.length === 0) expect(outcome).toBe("SandboxRequestError");
    },
  );

  test("a redirect by the program is handed back, not followed", async () => {
    const { host, provider } = local();
    await Effect.runPromise(provider.ensure(sandbox, startRequest(1)));
    host.program = () => new Response(null, { status: 302, headers: { location: "http://169.254.169.254/" } });
    const response = await Effect.runPromise(provider.fetchPort(sandbox, { port: 4096, generation: first, path: "/" }));
    expect(response.status).toBe(302);
    expect(host.requests).toHaveLength(2);
  });

  test("a refusal of the host is known by its mark alone, whatever stands in it", async () => {
    const { host, provider } = local();
    const path = { port: 4096, generation: first, path: "/" };
    host.override = () => new Response("out of order", { headers: { [sandboxHostApi.refusalHeader]: "1" } });
    expect(await tagOf(provider.fetchPort(sandbox, path))).toBe("SandboxUnavailableError");
    host.override = () => refuse("SandboxInterrupted");
    expect(await tagOf(provider.fetchPort(sandbox, path))).toBe("SandboxInterruptedError");
  });

  test("an answer that is no answer of the contract is unavailable, not a success", async () => {
    const { host, provider } = local();
    host.override = () => Response.json({ hello: "world" });
    expect(await tagOf(provider.info(sandbox))).toBe("SandboxUnavailableError");
    host.override = () => new Response("<html>", { status: 200 });
    expect(await tagOf(provider.exec(sandbox, { argv: ["true"] }))).toBe("SandboxUnavailableError");
    host.override = () => new Response("<html>", { status: 502 });
    expect(await tagOf(provider.writeFile(sandbox, "a", new Uint8Array()))).toBe("SandboxUnavailableError");
  });
});

describe("the cloudflare provider", () => {
  test("OpenCode starts with the password, the configuration and without the network", async () => {
    const { container, provider } = cloudflare(false);
    await Effect.runPromise(
      provider.ensure(sandbox, startRequest(7, { environment: { OPENCODE_CONFIG_CONTENT: '{"a":1}' } })),
    );
    expect(container.starts).toMatchObject([
      {
        command: "opencode serve --hostname 0.0.0.0 --port 4096",
        options: {
          processId: "opencode-7",
          cwd: "/workspace",
          env: {
            OPENCODE_SERVER_PASSWORD: "p".repeat(43),
            OPENCODE_CONFIG_CONTENT: '{"a":1}',
            OPENCODE_DISABLE_PROJECT_CONFIG: "1",
          },
        },
      },
    ]);
    expect(container.allowedHosts).toEqual([]);
  });

  test("a container that the platform replaced is not mistaken for the running generation", async () => {
    const { container, provider } = cloudflare(false);
    await Effect.runPromise(provider.ensure(sandbox, startRequest(1)));
    container.evict();
    container.isUp = true;
    expect(await Effect.runPromise(provider.info(sandbox))).toBeNull();
    expect(await tagOf(provider.connectPort(sandbox, { port: 4096, generation: first, path: "/" }))).toBe(
      "SandboxInterruptedError",
    );
  });

  test("asking about a sleeping container does not wake it", async () => {
    const { container, provider } = cloudflare(false);
    await Effect.runPromise(provider.info(sandbox));
    await tagOf(provider.fetchPort(sandbox, { port: 4096, generation: first, path: "/" }));
    expect(container.isUp).toBe(false);
  });

  test("a snapshot brings the files into the next container", async () => {
    const { provider } = cloudflare(true);
    await Effect.runPromise(provider.ensure(sandbox, startRequest(1)));
    await Effect.runPromise(provider.writeFile(sandbox, "kept.txt", new TextEncoder().encode("kept")));
    const restoreFrom = await Effect.runPromise(provider.snapshot(sandbox));
    await Effect.runPromise(provider.destroy(sandbox, { workspace: "keep" }));
    await Effect.runPromise(provider.ensure(sandbox, startRequest(2, { restoreFrom })));
    expect(await new Response(await Effect.runPromise(provider.readFile(sandbox, "kept.txt"))).text()).toBe("kept");
  });

  test("a program that outlives its time is ended and reported as timed out", async () => {
    const { container, provider } = cloudflare(false);
    const result = await Effect.runPromise(provider.exec(sandbox, { argv: ["sleep", "60"], timeoutMs: 1500 }));
    expect(result).toMatchObject({ exitCode: 124, isTimedOut: true });
    expect(container.commands).toEqual(["'timeout' '--kill-after=2' '1.5' 'sleep' '60'"]);
  });

  test("an argument is one word to the shell, whatever it holds", () => {
    fc.assert(
      fc.property(fc.string(), (argument) => {
        const quoted = quoteArgument(argument);
        const unquoted = quoted.slice(1, -1).split("'\\''");
        expect(unquoted.every((part) => !part.includes("'"))).toBe(true);
        expect(unquoted.join("'")).toBe(argument);
      }),
    );
  });
});

describe("the client of a thread's sandbox", () => {
  const password = "p".repeat(43);
  const running = { name: sandbox, generation: first, password };
  const clientOver = async () => {
    const { host, provider } = local();
    await Effect.runPromise(provider.ensure(sandbox, startRequest(1)));
    return { host, client: makeSandboxClient(newThreadId(), running, provider, () => Effect.void) };
  };

  test("speaks to OpenCode with its password, whatever authorization the caller sets", async () => {
    const { host, client } = await clientOver();
    await Effect.runPromise(
      client.fetch("/session", { headers: { authorization: "Basic Zm9yZ2Vk", accept: "text/plain" } }),
    );
    const headers = host.requests.at(-1)?.headers;
    expect(headers?.get("x-forward-authorization")).toBe(`Basic ${btoa(`opencode:${password}`)}`);
    expect(headers?.get("accept")).toBe("text/plain");
    expect(host.requests.at(-1)?.url).not.toContain(password);
  });

  test("is interrupted when its generation is replaced, or OpenCode does not know its password any more", async () => {
    const { host, client } = await clientOver();
    host.program = () => new Response("Unauthorized", { status: 401 });
    expect(await tagOf(client.fetch("/session"))).toBe("SandboxInterruptedError");
    await Effect.runPromise(makeLocalProvider(localConfig, host.fetch).ensure(sandbox, startRequest(2)));
    expect(await tagOf(client.fetch("/session"))).toBe("SandboxInterruptedError");
    expect(await tagOf(client.connect("/pty"))).toBe("SandboxInterruptedError");
  });
});
