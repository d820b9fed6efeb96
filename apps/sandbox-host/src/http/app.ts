import { Readable } from "node:stream";
import { SandboxName } from "@threadbox/contracts/ids";
import { workspacePath } from "@threadbox/contracts/opencode";
import { SavePoint } from "@threadbox/contracts/points";
import {
  EnsureSandbox,
  ExecRequest,
  type HostHealth,
  MoveEntry,
  ReconsiderEgress,
  sandboxHostApi,
  TellSecret,
  TrialRequest,
} from "@threadbox/contracts/sandbox-host";
import { Result, Schema, SchemaIssue } from "effect";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { Logger } from "pino";
import type { SandboxEngine } from "../engines/engine.ts";
import { HostError, notFound } from "../errors.ts";
import { WorkspaceFiles } from "../files/workspace-files.ts";
import type { SandboxRegistry } from "../sandboxes/registry.ts";
import type { SandboxUse } from "../sandboxes/use.ts";
import type { CheckBearer } from "./bearer.ts";
import { parseGeneration } from "./generation.ts";
import { wireAnswer, wireAnswerOf } from "./wire.ts";

const jsonBytesMax = 8 * 1024 * 1024;
const fileBytesMax = 1024 * 1024 * 1024;

export interface AppOptions {
  readonly engine: SandboxEngine;
  readonly registry: SandboxRegistry;
  /** How many sandboxes are ready for new threads. */
  readonly warm?: (() => number) | undefined;
  readonly checkBearer: CheckBearer;
  readonly log: Logger;
}

const decodeName = Schema.decodeUnknownResult(SandboxName);
const listIssues = SchemaIssue.makeFormatterStandardSchemaV1();

const nameOf = (context: Context): SandboxName => {
  const decoded = decodeName(context.req.param("name"));
  if (Result.isFailure(decoded)) throw new HostError("ValidationError", "This is not the name of a sandbox.");
  return decoded.success;
};

/** Rejects with ValidationError that names the bad fields, never their values. */
const readJson = async <S extends Schema.Top & { readonly DecodingServices: never }>(
  context: Context,
  schema: S,
): Promise<S["Type"]> => {
  let body: unknown;
  try {
    body = await context.req.json();
  } catch {
    throw new HostError("ValidationError", "The body is not JSON.");
  }
  const decoded = Schema.decodeUnknownResult(schema)(body, { errors: "all" });
  if (Result.isSuccess(decoded)) return decoded.success;
  const fields = listIssues(decoded.failure.issue).issues.map((issue) => issue.path?.join(".") || "body");
  throw new HostError("ValidationError", `These fields are missing or malformed: ${[...new Set(fields)].join(", ")}.`);
};

const jsonLimit = bodyLimit({
  maxSize: jsonBytesMax,
  onError: () => {
    throw new HostError("BodyTooLarge", "The body is larger than this host accepts.");
  },
});

const pathOf = (context: Context): string => {
  const path = context.req.query("path");
  if (path === undefined) throw new HostError("ValidationError", "The path parameter is missing.");
  return path;
};

/** The control channel's routes, except the ports: those need the bare connection (`server.ts`). */
export const createApp = ({ engine, registry, warm, checkBearer, log }: AppOptions): Hono => {
  const app = new Hono();

  const useOf = (context: Context): SandboxUse => {
    const generation = parseGeneration(context.req.header(sandboxHostApi.generationHeader));
    const isLook = context.req.header(sandboxHostApi.lookHeader) !== undefined;
    return isLook ? registry.look(nameOf(context), generation) : registry.use(nameOf(context), generation);
  };

  /** Files are there without a running sandbox, but a caller that names a generation gets that one or none. */
  const withFiles = async <A>(context: Context, act: (files: WorkspaceFiles) => Promise<A>): Promise<A> => {
    if (context.req.header(sandboxHostApi.generationHeader) !== undefined) useOf(context).release();
    else registry.stir(nameOf(context));
    const workspace = await engine.openWorkspace(nameOf(context));
    if (workspace === undefined) throw notFound("There is no such sandbox on this host.");
    try {
      return await act(new WorkspaceFiles(workspace.location, workspacePath));
    } finally {
      workspace.release();
    }
  };

  app.get("/v1/health", async (context) =>
    context.json({
      status: "ok",
      engine: engine.kind,
      engines: await engine.states(),
      ...(engine.reason === undefined ? {} : { reason: engine.reason }),
      ...(warm === undefined ? {} : { warm: warm() }),
    } satisfies HostHealth),
  );

  app.use("/v1/*", async (context, next) => {
    checkBearer(context.req.header("authorization"));
    await next();
  });

  app.get("/v1/sandboxes", (context) => context.json({ sandboxes: registry.list() }));
  app.put("/v1/sandboxes/:name", jsonLimit, async (context) => {
    const name = nameOf(context);
    return context.json(await registry.ensure(name, await readJson(context, EnsureSandbox)));
  });
  app.get("/v1/sandboxes/:name", (context) => context.json(registry.get(nameOf(context))));
  app.delete("/v1/sandboxes/:name", async (context) => {
    await registry.destroy(nameOf(context), { keepsWorkspace: context.req.query("keepWorkspace") === "true" });
    return context.body(null, 204);
  });
  app.post("/v1/sandboxes/:name/exec", jsonLimit, async (context) => {
    const { sandbox, release } = useOf(context);
    try {
      return context.json(await sandbox.exec(await readJson(context, ExecRequest)));
    } finally {
      release();
    }
  });

  app.post("/v1/sandboxes/:name/secrets", jsonLimit, async (context) => {
    const { sandbox, release } = useOf(context);
    try {
      return context.json(await sandbox.tellSecret(await readJson(context, TellSecret)));
    } finally {
      release();
    }
  });

  app.post("/v1/sandboxes/:name/opencode", async (context) => {
    const { sandbox, release } = useOf(context);
    try {
      return context.json(await sandbox.recycleOpenCode());
    } finally {
      release();
    }
  });

  app.post("/v1/sandboxes/:name/trials", jsonLimit, async (context) => {
    const { sandbox, release } = useOf(context);
    try {
      return context.json(await sandbox.trial(await readJson(context, TrialRequest)));
    } finally {
      release();
    }
  });

  app.post("/v1/egress/reconsider", jsonLimit, async (context) =>
    context.json(await registry.reconsiderEgress(await readJson(context, ReconsiderEgress))),
  );

  app.post("/v1/sandboxes/:name/snapshots", jsonLimit, async (context) =>
    context.json(await engine.save(nameOf(context), await readJson(context, SavePoint))),
  );
  app.get("/v1/sandboxes/:name/snapshots", async (context) =>
    context.json({ points: await engine.listPoints(nameOf(context)) }),
  );
  app.get("/v1/sandboxes/:name/snapshots/:id/changes", async (context) =>
    context.json(await engine.comparePoint(nameOf(context), context.req.param("id"))),
  );

  app.get("/v1/sandboxes/:name/files", async (context) => {
    const file = await withFiles(context, (files) => files.read(pathOf(context)));
    context.header("content-type", "application/octet-stream");
    context.header("content-length", String(file.sizeBytes));
    context.header(sandboxHostApi.fileVersionHeader, file.version);
    if (context.req.method === "HEAD") {
      await file.stream.cancel();
      return context.body(null);
    }
    return context.body(file.stream);
  });
  app.put("/v1/sandboxes/:name/files", async (context) => {
    const expected = context.req.header(sandboxHostApi.fileVersionHeader);
    const version = await withFiles(context, (files) =>
      files.write(pathOf(context), context.req.raw.body ?? Readable.from([]), fileBytesMax, expected),
    );
    context.header(sandboxHostApi.fileVersionHeader, version);
    return context.body(null, 204);
  });
  app.delete("/v1/sandboxes/:name/files", async (context) => {
    await withFiles(context, (files) => files.remove(pathOf(context)));
    return context.body(null, 204);
  });
  app.get("/v1/sandboxes/:name/entries", async (context) =>
    context.json({ entries: await withFiles(context, (files) => files.list(context.req.query("path") ?? "")) }),
  );

  app.post("/v1/sandboxes/:name/folders", async (context) => {
    await withFiles(context, (files) => files.makeFolder(pathOf(context)));
    return context.body(null, 204);
  });
  app.post("/v1/sandboxes/:name/moves", jsonLimit, async (context) => {
    const { from, to } = await readJson(context, MoveEntry);
    await withFiles(context, (files) => files.move(from, to));
    return context.body(null, 204);
  });

  app.notFound((context) => {
    const { body, headers } = wireAnswer("NotFound", "There is no such route.");
    return context.newResponse(body, 404, headers);
  });
  app.onError((error) => {
    const answer = wireAnswerOf(error);
    const isWaiting = error instanceof HostError && error.tag === "SandboxStarting";
    if (answer.status >= 500 && !isWaiting)
      log.error({ event: "request.failed", err: error, status: answer.status }, error.message);
    return new Response(answer.body, { status: answer.status, headers: answer.headers });
  });
  return app;
};
