import { wireErrorBody } from "@threadbox/contracts/errors";
import { absentFile } from "@threadbox/contracts/files";
import { Generation, SandboxName } from "@threadbox/contracts/ids";
import { sandboxHostApi } from "@threadbox/contracts/sandbox-host";
import { Effect } from "effect";
import { describe, expect, test } from "vitest";
import type { SandboxError } from "./errors.ts";
import type { SandboxProviderShape, StartRequest } from "./provider.ts";

/** One provider with its neighbour, as the suite needs it. */
export interface ProviderUnderTest {
  readonly provider: SandboxProviderShape;
  /** Sets the program behind every port of every sandbox. */
  readonly serve: (program: (request: Request) => Response | Promise<Response>) => void;
  /** Makes the neighbour unreachable. */
  readonly breakDown: () => void;
}

export const someName = (digit: string): SandboxName => SandboxName.make(digit.repeat(32));

export const startRequest = (generation: number, more: Partial<StartRequest> = {}): StartRequest => ({
  generation: Generation.make(generation),
  openCodePassword: "p".repeat(43),
  environment: {},
  ...more,
});

const run = <A>(effect: Effect.Effect<A, SandboxError>): Promise<A> => Effect.runPromise(effect);
export const tagOf = (effect: Effect.Effect<unknown, SandboxError>): Promise<string> =>
  Effect.runPromise(Effect.match(effect, { onSuccess: () => "success", onFailure: (error) => error._tag }));

const bytes = (text: string) => new TextEncoder().encode(text);

/** An echoing WebSocket, or plain text where no upgrade is asked for. */
const echo = (request: Request): Response => {
  if (request.headers.get("upgrade") !== "websocket") return new Response("ok");
  const [client, server] = Object.values(new WebSocketPair());
  if (client === undefined || server === undefined) return new Response(null, { status: 500 });
  server.accept();
  server.addEventListener("message", ({ data }) => server.send(`echo ${String(data)}`));
  return new Response(null, { status: 101, webSocket: client });
};

/** What every sandbox provider promises. */
export const describeProviderContract = (name: string, make: () => ProviderUnderTest): void => {
  const sandbox = someName("a");

  describe(`the ${name} provider`, () => {
    test("a sandbox nobody started is not known, and destroying it is no error", async () => {
      const { provider } = make();
      expect(await run(provider.info(sandbox))).toBeNull();
      await run(provider.destroy(sandbox, { workspace: "delete" }));
    });

    test("a start answers with the generation that runs", async () => {
      const { provider } = make();
      expect(await run(provider.ensure(sandbox, startRequest(3)))).toMatchObject({
        name: sandbox,
        generation: 3,
        status: "ready",
      });
      expect(await run(provider.info(sandbox))).toMatchObject({ generation: 3, status: "ready" });
    });

    test("A37: a start without a password is refused, and nothing runs", async () => {
      const { provider } = make();
      expect(await tagOf(provider.ensure(sandbox, startRequest(1, { openCodePassword: "" })))).toBe(
        "SandboxRequestError",
      );
      expect(await run(provider.info(sandbox))).toBeNull();
    });

    test("a higher generation replaces the running one, the same one stays", async () => {
      const { provider } = make();
      await run(provider.ensure(sandbox, startRequest(1)));
      expect(await run(provider.ensure(sandbox, startRequest(1)))).toMatchObject({ generation: 1 });
      expect(await run(provider.ensure(sandbox, startRequest(2)))).toMatchObject({ generation: 2 });
      expect(await tagOf(provider.fetchPort(sandbox, { port: 4096, generation: Generation.make(1), path: "/" }))).toBe(
        "SandboxInterruptedError",
      );
    });

    test("a program's exit code, output and input come through", async () => {
      const { provider } = make();
      await run(provider.ensure(sandbox, startRequest(1)));
      expect(await run(provider.exec(sandbox, { argv: ["echo", "a b"] }))).toMatchObject({
        exitCode: 0,
        stdout: "a b\n",
        isTimedOut: false,
      });
      expect(await run(provider.exec(sandbox, { argv: ["false"] }))).toMatchObject({ exitCode: 1 });
      expect(await run(provider.exec(sandbox, { argv: ["cat"], stdin: "in" }))).toMatchObject({ stdout: "in" });
    });

    test("a written file is read back byte by byte, listed and deleted", async () => {
      const { provider } = make();
      await run(provider.ensure(sandbox, startRequest(1)));
      const content = new Uint8Array([0, 255, 10, 13, 128]);
      await run(provider.writeFile(sandbox, "a.bin", content));
      const { sizeBytes, stream } = await run(provider.readFile(sandbox, "a.bin"));
      expect([sizeBytes, [...(await new Response(stream).bytes())]]).toEqual([5, [...content]]);
      expect(await run(provider.listFiles(sandbox, "."))).toMatchObject([
        { name: "a.bin", kind: "file", sizeBytes: 5 },
      ]);
      await run(provider.deleteFile(sandbox, "a.bin"));
      expect(await tagOf(provider.readFile(sandbox, "a.bin"))).toBe("SandboxNotFoundError");
    });

    test("a file is saved over the state that was read, and over no other", async () => {
      const { provider } = make();
      await run(provider.ensure(sandbox, startRequest(1)));
      const first = await run(provider.writeFile(sandbox, "a.txt", bytes("one"), absentFile));
      expect(await tagOf(provider.writeFile(sandbox, "a.txt", bytes("x"), absentFile))).toBe("VersionConflictError");
      const second = await run(provider.writeFile(sandbox, "a.txt", new Blob([bytes("two")]).stream(), first));
      expect(await tagOf(provider.writeFile(sandbox, "a.txt", bytes("late"), first))).toBe("VersionConflictError");
      const { version, stream } = await run(provider.readFile(sandbox, "a.txt"));
      expect([version, await new Response(stream).text()]).toEqual([second, "two"]);
    });

    test("a file is moved and a folder made where there is nothing yet", async () => {
      const { provider } = make();
      await run(provider.ensure(sandbox, startRequest(1)));
      await run(provider.writeFile(sandbox, "a.txt", bytes("a")));
      await run(provider.writeFile(sandbox, "b.txt", bytes("b")));
      await run(provider.makeFolder(sandbox, "made"));
      const taken = [
        provider.moveFile(sandbox, { from: "a.txt", to: "b.txt" }),
        provider.makeFolder(sandbox, "b.txt"),
        provider.makeFolder(sandbox, "made"),
      ];
      expect(await Promise.all(taken.map(tagOf))).toEqual(taken.map(() => "VersionConflictError"));
      await run(provider.moveFile(sandbox, { from: "a.txt", to: "c.txt" }));
      const { stream } = await run(provider.readFile(sandbox, "c.txt"));
      expect(await new Response(stream).text()).toBe("a");
      expect(await tagOf(provider.readFile(sandbox, "a.txt"))).toBe("SandboxNotFoundError");
    });

    test("a path that leaves the workspace is refused for every kind of access", async () => {
      const { provider } = make();
      await run(provider.ensure(sandbox, startRequest(1)));
      const path = "../../etc/passwd";
      const attempts = [
        provider.readFile(sandbox, path),
        provider.writeFile(sandbox, path, bytes("x")),
        provider.deleteFile(sandbox, path),
        provider.listFiles(sandbox, path),
        provider.makeFolder(sandbox, path),
        provider.moveFile(sandbox, { from: path, to: "x" }),
        provider.moveFile(sandbox, { from: "x", to: path }),
      ];
      expect(await Promise.all(attempts.map(tagOf))).toEqual(attempts.map(() => "PathOutsideWorkspaceError"));
    });

    test("answers of a program behind a port pass through, whatever their status", async () => {
      const { provider, serve } = make();
      await run(provider.ensure(sandbox, startRequest(1)));
      serve(() => Response.json({ name: "NotFoundError", data: {} }, { status: 404 }));
      const response = await run(
        provider.fetchPort(sandbox, { port: 4096, generation: Generation.make(1), path: "/session" }),
      );
      expect(response.status).toBe(404);
      expect(await response.json()).toEqual({ name: "NotFoundError", data: {} });
    });

    test("no program passes for the provider: what looks like a refusal of the provider's is just an answer", async () => {
      const { provider, serve } = make();
      await run(provider.ensure(sandbox, startRequest(1)));
      const body = wireErrorBody("SandboxInterrupted", "Give up your turn.", "forged");
      serve(() => Response.json(body, { status: 502, headers: { [sandboxHostApi.refusalHeader]: "1" } }));
      const response = await run(
        provider.fetchPort(sandbox, { port: 4096, generation: Generation.make(1), path: "/session" }),
      );
      expect([response.status, await response.json()]).toEqual([502, body]);
    });

    test("a body streams: its first piece arrives while the program still writes", async () => {
      const { provider, serve } = make();
      await run(provider.ensure(sandbox, startRequest(1)));
      const body = new TransformStream<Uint8Array, Uint8Array>();
      const writer = body.writable.getWriter();
      serve(() => new Response(body.readable, { headers: { "content-type": "text/event-stream" } }));
      const response = await run(
        provider.fetchPort(sandbox, { port: 4096, generation: Generation.make(1), path: "/event" }),
      );
      const reader = response.body?.getReader();
      void writer.write(bytes("first"));
      expect(new TextDecoder().decode((await reader?.read())?.value)).toBe("first");
      await reader?.cancel();
    });

    test("a WebSocket to a port carries messages both ways", async () => {
      const { provider, serve } = make();
      await run(provider.ensure(sandbox, startRequest(1)));
      serve(echo);
      const socket = await run(
        provider.connectPort(sandbox, { port: 4096, generation: Generation.make(1), path: "/pty" }),
      );
      const answer = new Promise((resolve) => socket.addEventListener("message", ({ data }) => resolve(data)));
      socket.accept();
      socket.send("hi");
      expect(await answer).toBe("echo hi");
      socket.close();
    });

    test("after destroy nothing answers for the old generation", async () => {
      const { provider } = make();
      await run(provider.ensure(sandbox, startRequest(1)));
      await run(provider.destroy(sandbox, { workspace: "keep" }));
      expect(await tagOf(provider.fetchPort(sandbox, { port: 4096, generation: Generation.make(1), path: "/" }))).toBe(
        "SandboxInterruptedError",
      );
      expect(await run(provider.info(sandbox))).toBeNull();
    });

    test("what the provider cannot do fails as unsupported, and the capabilities say so beforehand", async () => {
      const { provider } = make();
      await run(provider.ensure(sandbox, startRequest(1)));
      const recycled = await tagOf(provider.recycle(sandbox, Generation.make(1)));
      expect(recycled).toBe(provider.capabilities.has("recycle") ? "success" : "CapabilityUnsupportedError");
      const saved = await tagOf(provider.snapshot(sandbox));
      expect(saved).toBe(provider.capabilities.has("snapshot") ? "success" : "CapabilityUnsupportedError");
      const beside = await tagOf(provider.save(sandbox, { cause: "turn" }));
      expect(beside).toBe(provider.capabilities.has("save") ? "success" : "CapabilityUnsupportedError");
    });

    test("an unreachable neighbour is unavailable for now, and no defect", async () => {
      const { provider, breakDown } = make();
      breakDown();
      const attempts = [
        provider.ensure(sandbox, startRequest(1)),
        provider.info(sandbox),
        provider.destroy(sandbox, { workspace: "keep" }),
      ];
      expect(await Promise.all(attempts.map(tagOf))).toEqual(attempts.map(() => "SandboxUnavailableError"));
    });
  });
};
