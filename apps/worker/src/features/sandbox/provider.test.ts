import { Generation } from "@threadbox/contracts/ids";
import { type EngineKind, sandboxHostApi } from "@threadbox/contracts/sandbox-host";
import { Effect, Redacted } from "effect";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newThreadId } from "../../testing/tokens.testing.ts";
import type { CloudflareSandboxClient } from "./cloudflare-client.ts";
import { makeCloudflareProvider } from "./cloudflare-provider.ts";
import type { SandboxError } from "./errors.ts";
import { makeLocalProvider } from "./local-provider.ts";
import { describeProviderContract, someName, startRequest, tagOf } from "./provider.contract.testing.ts";
import type { SandboxProviderShape } from "./provider.ts";
import { makeSandboxClient } from "./sandboxes.ts";
import { quoteArgument } from "./shell.ts";
import { StubCloudflareSandbox } from "./stub-cloudflare.testing.ts";
import { refuse, StubSandboxHost } from "./stub-host.testing.ts";

const token = "control-channel-token";
const localConfig = { hostUrl: "http://host.test", hostToken: Redacted.make(token) } as const;
const local = (engine: EngineKind = "local") => {
  const host = new StubSandboxHost(token);
  return { host, provider: makeLocalProvider(localConfig, host.fetch, engine) };
};

const cloudflare = (hasBackups: boolean) => {
  const container = new StubCloudflareSandbox();
  return { container, provider: makeCloudflareProvider(() => container, { hasBackups }) };
};

for (const engine of ["local", "docker"] as const) {
  describeProviderContract(engine, () => {
    const { host, provider } = local(engine);
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
}

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

/** Pieces without end, and how many were taken of them. */
const endless = (piece: string) => {
  const taken = { pieces: 0 };
  const bytes = new TextEncoder().encode(piece);
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      taken.pieces += 1;
      controller.enqueue(bytes);
    },
  });
  return { stream, taken };
};

describe("a host whose answers a program inside has in its hands", () => {
  const mebibyte = 1024 * 1024;
  const asks: Record<string, (provider: SandboxProviderShape) => Effect.Effect<unknown, SandboxError>> = {
    info: (provider) => provider.info(sandbox),
    exec: (provider) => provider.exec(sandbox, { argv: ["true"] }),
    "what came of a secret": (provider) =>
      provider.tellSecret(sandbox, Generation.make(1), { secretId: "sec_1", name: "KEY", minVersion: 1 }),
    "a folder": (provider) => provider.listFiles(sandbox, "."),
  };

  test.each(Object.entries(asks))("is not listened to without end: %s", async (_, ask) => {
    const { host, provider } = local();
    const { stream, taken } = endless("x".repeat(mebibyte));
    host.override = async () => new Response(stream);
    expect(await Effect.runPromise(Effect.flip(ask(provider)))).toMatchObject({
      _tag: "SandboxUnavailableError",
      reason: "The sandbox sent more than is accepted.",
    });
    expect(taken.pieces).toBeLessThan(20);
  });

  test("may not refuse in words without end either", async () => {
    const { host, provider } = local();
    const { stream, taken } = endless("x".repeat(1024));
    host.override = async () => new Response(stream, { status: 503, headers: { [sandboxHostApi.refusalHeader]: "1" } });
    expect(await tagOf(provider.info(sandbox))).toBe("SandboxUnavailableError");
    expect(taken.pieces).toBeLessThan(100);
  });

  test("may not nest its answer 100,000 deep", async () => {
    const { host, provider } = local();
    host.override = async () => new Response(`{"entries":${"[".repeat(100_000)}${"]".repeat(100_000)}}`);
    expect(await Effect.runPromise(Effect.flip(provider.listFiles(sandbox, ".")))).toMatchObject({
      cause: "too much: depth of an answer",
    });
  });
});

describe("a container whose answers a program inside has in its hands", () => {
  const over = async (change: Partial<CloudflareSandboxClient>) => {
    const container = new StubCloudflareSandbox();
    const client = Object.assign(container, change);
    return makeCloudflareProvider(() => client, { hasBackups: false });
  };

  test("lists no folder without end, and none of another shape", async () => {
    const file = { name: "a", type: "file", size: 1, modifiedAt: "2026-01-01T00:00:00Z" };
    for (const files of [Array.from({ length: 20_001 }, () => file), [{ ...file, type: "hole" }]]) {
      const provider = await over({ listFiles: async () => ({ files }) as never });
      expect(await tagOf(provider.listFiles(sandbox, "."))).toBe("SandboxUnavailableError");
    }
  });

  test("hands over no file that is longer than a worker can hold", async () => {
    const provider = await over({ readFile: async () => ({ content: "A".repeat(34 * 1024 * 1024) }) as never });
    expect(await tagOf(provider.readFile(sandbox, "a"))).toBe("SandboxUnavailableError");
  });

  test("tells of a program's end in the words of the contract only", async () => {
    const provider = await over({
      exec: async () => ({ exitCode: "0", stdout: [], stderr: "", duration: 1 }) as never,
    });
    expect(await tagOf(provider.exec(sandbox, { argv: ["true"] }))).toBe("SandboxUnavailableError");
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
  });

  test("what leaves a container is asked about in the name of its start; a start of nobody's lets nothing out", async () => {
    const { container, provider } = cloudflare(false);
    await Effect.runPromise(provider.ensure(sandbox, startRequest(1)));
    expect([container.wayOut, container.allowedHosts]).toEqual([null, []]);
    await Effect.runPromise(provider.ensure(sandbox, startRequest(2, { owner: "thread-of-the-test" })));
    expect(container.wayOut).toEqual({ method: "leave", params: { threadId: "thread-of-the-test", generation: 2 } });
    expect(container.allowedHosts).toEqual(["*"]);
  });

  test("the files of a start are there before OpenCode, their owner's alone", async () => {
    const { container, provider } = cloudflare(false);
    const files = [{ path: ".local/share/opencode/auth.json", content: "{}" }];
    await Effect.runPromise(provider.ensure(sandbox, startRequest(1, { files })));
    const at = "/root/.local/share/opencode/auth.json";
    expect((await container.readFile(at)).content).toBe("{}");
    expect(container.commands).toEqual([`chmod 600 ${at}`]);
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
    expect(await new Response((await Effect.runPromise(provider.readFile(sandbox, "kept.txt"))).stream).text()).toBe(
      "kept",
    );
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
  const running = { name: sandbox, generation: first, provider: "local", password } as const;
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
