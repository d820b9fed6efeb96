/**
 * The first program of every sandbox. It starts OpenCode, carries the ways in and out of the jail's empty network
 * (control socket in, egress relay out) and runs programs on request. Nothing that it says is trusted by the host:
 * programs in the sandbox run as the same user and can take its place.
 *
 * Standard input: one JSON line `SupervisorStart`; its end means that the host is gone. Standard output: JSON lines
 * `SupervisorEvent`.
 */
import * as fs from "node:fs";
import * as net from "node:net";
import { createInterface } from "node:readline";
import { askSecret } from "./ask-secret.ts";
import { join } from "./join.ts";
import { OpenCodeProcess } from "./opencode-process.ts";
import { writeOwnVariables } from "./own-variables.ts";
import { settlePluginPackage } from "./plugin-package.ts";
import { runProgram } from "./program.ts";
import type { AssignRequest, AssignResult, ControlRequest, SupervisorEvent, SupervisorStart } from "./protocol.ts";
import { openSecretsAgent, type SecretsAgent } from "./secrets-agent.ts";
import { writeStartFiles } from "./start-files.ts";
import { openWaysOut } from "./ways-out.ts";

const tell = (event: SupervisorEvent): void => {
  fs.writeSync(1, `${JSON.stringify(event)}\n`);
};

/** A server listens on either of the two, or on both. */
const ownAddresses: net.LookupFunction = (_, __, found) =>
  found(null, [
    { address: "127.0.0.1", family: 4 },
    { address: "::1", family: 6 },
  ]);

/** What nobody listens on refuses at once, however busy the machine; there is nothing to be impatient about. */
const connectOwn = (port: number): net.Socket =>
  net.connect({
    host: "localhost",
    port,
    lookup: ownAddresses,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: 60_000,
  });

/** Reads the first line of a control connection and leaves the rest in the stream. */
const readRequest = (socket: net.Socket, then: (request: ControlRequest) => void): void => {
  let head = Buffer.alloc(0);
  const onData = (chunk: Buffer): void => {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf(10);
    if (end < 0) return;
    socket.off("data", onData);
    socket.pause();
    const rest = head.subarray(end + 1);
    if (rest.length > 0) socket.unshift(rest);
    then(JSON.parse(head.subarray(0, end).toString("utf8")));
  };
  socket.on("data", onData);
  socket.on("error", () => socket.destroy());
};

interface Inside {
  readonly environment: SupervisorStart["environment"];
  readonly assign: (request: AssignRequest) => void;
  readonly secrets: SecretsAgent;
  readonly openCode: () => OpenCodeProcess | undefined;
}

const onControl = (socket: net.Socket, { environment, assign, secrets, openCode }: Inside): void => {
  readRequest(socket, (request) => {
    if (request.kind === "port") {
      join(socket, connectOwn(request.port));
      return;
    }
    if (request.kind === "secret") {
      socket.resume();
      void secrets.tell(request).then((told) => socket.end(`${JSON.stringify(told)}\n`));
      return;
    }
    if (request.kind === "assign") {
      socket.resume();
      assign(request);
      socket.end(`${JSON.stringify({ isAssigned: true } satisfies AssignResult)}\n`);
      return;
    }
    if (request.kind === "recycle") {
      socket.resume();
      const recycled = openCode()?.recycle(request.pastMib) ?? Promise.resolve({ isRecycled: false, memoryMib: 0 });
      void recycled.then((result) => socket.end(`${JSON.stringify(result)}\n`));
      return;
    }
    const stop = runProgram(request, environment, (result) => socket.end(`${JSON.stringify(result)}\n`));
    socket.on("close", stop);
    socket.resume();
  });
};

const startOpenCode = (start: SupervisorStart): OpenCodeProcess => {
  settlePluginPackage(start.environment.HOME ?? "");
  writeStartFiles(start.environment.HOME ?? "", start.files);
  return new OpenCodeProcess({ start, tell, onEnd: (code) => process.exit(code) });
};

const main = (start: SupervisorStart): void => {
  const own: Record<string, string> = {};
  const secrets = openSecretsAgent({
    name: start.secretsAgent,
    ask: (name) => askSecret({ ...start.openCode.env, ...own }, name),
    now: Date.now,
  });
  let openCode: OpenCodeProcess | undefined;
  const inside: Inside = {
    environment: start.environment,
    assign: ({ variables, files }) => {
      Object.assign(own, variables);
      writeStartFiles(start.environment.HOME ?? "", files);
      writeOwnVariables(variables);
    },
    secrets,
    openCode: () => openCode,
  };
  const control = net.createServer((socket) => onControl(socket, inside));
  openWaysOut(start, async () => {
    await secrets.isListening;
    control.listen(start.controlSocket, () => {
      tell({ event: "up" });
      if (start.openCode.argv.length > 0) openCode = startOpenCode(start);
    });
  });
};

// Node's debugger is off; without a listener the signal would end this process.
process.on("SIGUSR1", () => {});

const input = createInterface({ input: process.stdin });
input.once("line", (line) => main(JSON.parse(line)));
input.once("close", () => process.exit(0));
