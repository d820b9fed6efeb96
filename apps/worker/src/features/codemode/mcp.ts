import { Program, type ProgramReport } from "@threadbox/contracts/codemode";
import { codemodeLimits } from "@threadbox/contracts/codemode-limits";
import { codemodeMcp } from "@threadbox/contracts/codemode-tool";
import { UserId } from "@threadbox/contracts/ids";
import { Effect, Schema } from "effect";
import { z } from "zod";
import { RequestRefusedError } from "../../http/failure.ts";
import { jsonBody } from "../../http/json-body.ts";
import type { RouteRequest } from "../../http/route.ts";
import { logDefect } from "../../platform/log.ts";
import { RequestLimits } from "../../platform/request-limits.ts";
import { eventAnswer } from "./event-answer.ts";
import { codemodeDescription } from "./executor.ts";
import type { ProgramOwner } from "./program-owner.ts";
import { hashOf, resumeProgram, runProgram } from "./run.ts";
import { programTools } from "./tools.ts";

/** Versions of the protocol whose part that is spoken here is the same; the newest first. */
const versions = ["2025-11-25", "2025-06-18", "2025-03-26"];

const Message = Schema.Struct({
  jsonrpc: Schema.Literal("2.0"),
  /** Absent: nobody waits for an answer. */
  id: Schema.optionalKey(Schema.Union([Schema.String, Schema.Number])),
  method: Schema.String,
  params: Schema.optionalKey(Schema.Unknown),
});
const Initialize = Schema.Struct({ protocolVersion: Schema.String });
const CallTool = Schema.Struct({
  name: Schema.Literal(codemodeMcp.tool),
  arguments: Schema.Struct({ code: Program }),
});

const readMessage = jsonBody(Message, "The body must be one message of JSON-RPC.", {
  bytesMax: 6 * codemodeLimits.programLengthMax + 16 * 1024,
});
const isInitialize = Schema.is(Initialize);
const isCall = Schema.is(CallTool);

const methodNotFound = -32601;
const invalidParams = -32602;

type Reply = { readonly result: unknown } | { readonly error: { readonly code: number; readonly message: string } };

const wrong = (code: number, message: string): Reply => ({ error: { code, message } });

const tool = {
  name: codemodeMcp.tool,
  description: codemodeDescription(programTools),
  inputSchema: z.toJSONSchema(z.object({ code: z.string().describe("An async arrow function in plain JavaScript") })),
};

const wrongCall = wrong(
  invalidParams,
  `${codemodeMcp.tool} takes { code }, a text of 1 to ${codemodeLimits.programLengthMax} characters.`,
);

const reply = Effect.fnUntraced(function* <R>(run: Effect.Effect<ProgramReport, never, R>, caller: ProgramOwner) {
  const report = yield* run.pipe(
    Effect.catchDefect((cause) => {
      logDefect("codemode.crashed", cause, { requestId: caller.requestId, path: "mcp" });
      return Effect.succeed({ error: `Something went wrong on our side. Reference: ${caller.requestId}` });
    }),
  );
  return { result: { content: [{ type: "text", text: JSON.stringify(report) }] } };
});

const replyTo = ({ method, params }: typeof Message.Type): Reply => {
  switch (method) {
    case "initialize": {
      const asked = isInitialize(params) ? params.protocolVersion : "";
      const protocolVersion = versions.find((version) => version === asked) ?? versions[0];
      const serverInfo = { name: codemodeMcp.server, version: "1" };
      return { result: { protocolVersion, capabilities: { tools: {} }, serverInfo } };
    }
    case "ping":
      return { result: {} };
    case "tools/list":
      return { result: { tools: [tool] } };
    default:
      return wrong(methodNotFound, "There is no such method.");
  }
};

/** Answers one message of the Model Context Protocol (streamable HTTP, without sessions). */
export const answerMcp = Effect.fn("answerMcp")(function* (routed: RouteRequest, caller: ProgramOwner) {
  const message = yield* readMessage(routed);
  if (message.id === undefined) return new Response(null, { status: 202 });
  const { id, method, params } = message;
  const withId = (reply: Reply) => ({ jsonrpc: "2.0", id, ...reply });
  if (method !== "tools/call") return Response.json(withId(replyTo(message)));
  if (!isCall(params)) return Response.json(withId(wrongCall));
  const limits = yield* RequestLimits;
  const { threadId } = caller;
  yield* limits.admit("program", { userId: UserId.make(`sandbox_${threadId}`), threadId });
  const answer = Effect.map(reply(runProgram(params.arguments.code, caller), caller), withId);
  const takesEvents = (routed.request.headers.get("accept") ?? "").includes("text/event-stream");
  // A person may be asked, which takes longer than a silent connection is kept.
  if (!takesEvents) return Response.json(yield* answer);
  return yield* eventAnswer(answer, typeof id === "number" ? `${yield* hashOf(params.arguments.code)}.${id}` : null);
});

/** The rest of a stream that broke, as when the worker was lost while a person was asked. */
export const resumeMcp = Effect.fn("resumeMcp")(function* ({ request }: RouteRequest, caller: ProgramOwner) {
  const [, hash, id] = /^([0-9a-f]{64})\.(\d{1,15})$/.exec(request.headers.get("last-event-id") ?? "") ?? [];
  if (hash === undefined)
    return yield* new RequestRefusedError({ wireTag: "MethodNotAllowed", message: "There is no stream to listen to." });
  const answer = Effect.map(reply(resumeProgram(hash, caller), caller), (result) => ({
    ...{ jsonrpc: "2.0", id: Number(id) },
    ...result,
  }));
  return yield* eventAnswer(answer, `${hash}.${id}`);
});
