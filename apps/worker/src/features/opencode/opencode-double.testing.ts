import { Generation, type ThreadId } from "@threadbox/contracts/ids";
import { anthropicProviderId, gatewayProviderId, openAiKeyProviderId, ownModelSizes } from "@threadbox/contracts/model";
import { Effect, Option } from "effect";
import { SandboxInterruptedError, SandboxUnavailableError } from "../sandbox/errors.ts";
import type { SandboxClient } from "../sandbox/index.ts";
import { openCodeAlone } from "../sandbox/sandbox-client.testing.ts";
import type { Recording, Recordings } from "./recordings.testing.ts";
import { StoredSession } from "./stored-session.testing.ts";
import { decodeEvent, type OpenCodeEvent } from "./wire.ts";

/** How far a prompt is played: to its end, or until the double is told to go on. */
export type PlayTo = "end" | ((event: OpenCodeEvent) => boolean);

interface Prompted {
  readonly sessionId: string;
  readonly messageId: string;
  readonly lines: readonly string[];
  at: number;
}

/**
 * OpenCode behind a sandbox: answers a prompt with a recorded stream (the prompt's text names the recording), whose
 * ids are replaced by the prompt's own. A recording that was interrupted waits for `abort` at that place.
 */
export class OpenCodeDouble {
  readonly generation: Generation;
  /** Method and path of every call, in order; bodies of prompts behind a space. */
  readonly calls: string[] = [];
  readonly sessions = new Map<string, StoredSession>();
  playTo: PlayTo = "end";
  /** Started with a configuration of before there were models of users' keys. */
  isOutdated = false;
  /** Calls whose path contains one of these are never answered. */
  readonly silent = new Set<string>();
  #streams = new Set<ReadableStreamDefaultController<Uint8Array>>();
  #isDead = false;
  #running: Prompted | null = null;
  /** A prompt that has failed; the recording tells how it went on when it was let. */
  #halted: Prompted | null = null;
  #count = 0;
  #sessionCount = 0;
  #waiting: { readonly test: () => boolean; readonly done: () => void }[] = [];

  readonly #recordings: Recordings;

  constructor(recordings: Recordings, generation = 1) {
    this.#recordings = recordings;
    this.generation = Generation.make(generation);
  }

  /** Answers one request; never, where its path is to stay silent. */
  fetch(request: Request): Promise<Response> {
    return this.#request(`${new URL(request.url).pathname}`, request.method, () => request.text(), request.signal);
  }

  async #request(
    path: string,
    method: string,
    text: () => Promise<string>,
    signal: AbortSignal | null,
  ): Promise<Response> {
    this.#note(`${method} ${path}`);
    if ([...this.silent].some((part) => path.includes(part))) return new Promise(() => {});
    const body = method === "POST" ? await text() : "";
    return this.#answer(method, path, body === "" ? {} : (JSON.parse(body) as Record<string, unknown>), signal);
  }

  /** Connections on which it tells its events. */
  get streamCount(): number {
    return this.#streams.size;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  sandbox(threadId: ThreadId): SandboxClient {
    return {
      threadId,
      generation: this.generation,
      provider: "local",
      fetch: (path, init) =>
        Effect.suspend(() => {
          if (this.#isDead) return Effect.fail(new SandboxInterruptedError({ reason: "The sandbox was restarted." }));
          const { pathname } = new URL(path, "http://opencode");
          const text = async () => (typeof init?.body === "string" ? init.body : "");
          return Effect.promise(() => this.#request(pathname, init?.method ?? "GET", text, init?.signal ?? null));
        }),
      connect: () => Effect.fail(new SandboxUnavailableError({ reason: "The double has no terminals." })),
      ...openCodeAlone,
      markActivity: () => Effect.void,
    };
  }

  /** Ends when this many calls contain the text. */
  called(text: string, times = 1): Promise<void> {
    return this.#until(() => this.calls.filter((call) => call.includes(text)).length >= times);
  }

  /** Plays the running prompt on. */
  play(to: PlayTo = "end"): void {
    const running = this.#running;
    for (let line = running?.lines[running.at]; running && line !== undefined; line = running.lines[running.at]) {
      running.at++;
      const { event: raw, call } = JSON.parse(line) as { event?: unknown; call?: { abort?: boolean; goOn?: string } };
      if (call?.goOn !== undefined) {
        this.#halted = running;
        break;
      }
      if (call?.abort === true) {
        running.at--;
        return;
      }
      const event = Option.getOrNull(decodeEvent(raw));
      if (event === null) continue;
      this.emit(event);
      if (to !== "end" && to(event)) return;
    }
    this.#running = null;
  }

  emit(event: OpenCodeEvent): void {
    if ("sessionID" in event.properties) this.sessions.get(event.properties.sessionID ?? "")?.take(event);
    this.#send({ ...event, id: `evt_${++this.#count}` });
  }

  /** Breaks every stream of events; what happens until the next one opens is missed. */
  cut(): void {
    for (const stream of this.#streams) stream.close();
    this.#streams.clear();
  }

  /** Forgets its listeners without a word: nothing arrives any more, and nothing says so. */
  fallSilent(): void {
    this.#streams.clear();
  }

  /** The sandbox is gone: every call with this sandbox fails from now on. */
  die(): void {
    this.#isDead = true;
    this.cut();
  }

  #note(call: string): void {
    this.calls.push(call);
    this.#settle();
  }

  #settle(): void {
    this.#waiting = this.#waiting.filter((entry) => {
      if (!entry.test()) return true;
      entry.done();
      return false;
    });
  }

  #until(test: () => boolean): Promise<void> {
    return new Promise((done) => {
      this.#waiting.push({ test, done });
      this.#settle();
    });
  }

  #send(event: unknown): void {
    const bytes = new TextEncoder().encode(`data: ${JSON.stringify(event)}\n\n`);
    for (const stream of this.#streams) stream.enqueue(bytes);
  }

  #answer(method: string, path: string, body: Record<string, unknown>, signal: AbortSignal | null): Response {
    if (path === "/event") return this.#listen(signal);
    if (path === "/session" && method === "POST") {
      const id = this.#newSessionId();
      this.sessions.set(id, new StoredSession());
      return Response.json({ id });
    }
    if (path === "/config/providers") {
      const models = Object.fromEntries(ownModelSizes.map(({ id }) => [id, {}]));
      const ids = [gatewayProviderId, openAiKeyProviderId, anthropicProviderId];
      const providers = ids.map((id) => ({ id, models: this.isOutdated ? {} : models }));
      return Response.json({ providers, default: {} });
    }
    if (path === "/session/status") {
      return Response.json(this.#running === null ? {} : { [this.#running.sessionId]: { type: "busy" } });
    }
    const [, sessionId = "", verb] = /^\/session\/([^/]+)\/?(.*)$/.exec(path) ?? [];
    const session = this.sessions.get(sessionId);
    if (session === undefined) return Response.json({ name: "NotFoundError" }, { status: 404 });
    switch (verb) {
      case "":
        return Response.json({ id: sessionId });
      case "message":
        return Response.json(session.entries());
      case "prompt_async":
        this.#prompt(sessionId, body);
        return new Response(null, { status: 204 });
      case "command":
      case "shell": {
        const text = verb === "shell" ? body.command : body.arguments;
        this.#prompt(sessionId, { messageID: body.messageID, parts: [{ text }] });
        return Response.json({});
      }
      case "abort":
        this.#abort(sessionId);
        return Response.json(true);
      case "fork": {
        const id = this.#newSessionId();
        this.sessions.set(id, session.forkedAt(String(body.messageID), id));
        return Response.json({ id });
      }
      default:
        return Response.json({ name: "NotFoundError" }, { status: 404 });
    }
  }

  /** No id is given twice, whether its session was forgotten or came from an earlier start. */
  #newSessionId(): string {
    this.#sessionCount = Math.max(this.#sessionCount, this.sessions.size) + 1;
    return `ses_${this.#sessionCount}`;
  }

  #listen(signal: AbortSignal | null): Response {
    let own: ReadableStreamDefaultController<Uint8Array> | null = null;
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        own = controller;
        this.#streams.add(controller);
        controller.enqueue(new TextEncoder().encode('data: {"type":"server.connected","properties":{}}\n\n'));
      },
      cancel: () => {
        if (own !== null) this.#streams.delete(own);
      },
    });
    signal?.addEventListener("abort", () => {
      if (own !== null) this.#streams.delete(own);
    });
    return new Response(stream, { headers: { "content-type": "text/event-stream" } });
  }

  #prompt(sessionId: string, body: Record<string, unknown>): void {
    const messageId = String(body.messageID);
    const parts = body.parts as { text: string; synthetic?: boolean; mime?: string; url?: string }[];
    if (parts.length === 0) {
      this.#goOn(sessionId, messageId);
      return;
    }
    const text = parts.at(-1)?.text ?? "";
    for (const { synthetic, text: told, mime, url } of parts.slice(0, -1)) {
      if (url !== undefined) this.calls.push(`file ${mime} ${url}`);
      else if (synthetic === true) this.calls.push(`${told.startsWith("<attached-files>") ? "told" : "recap"} ${told}`);
    }
    this.calls.push(`prompt ${text}`);
    const name = text.split(" ")[0] ?? "";
    this.#running = {
      sessionId,
      messageId,
      lines: linesFor(this.#recording(name), sessionId, messageId, ++this.#count),
      at: 0,
    };
    const to = this.playTo;
    this.play(to);
    this.#settle();
  }

  #goOn(sessionId: string, messageId: string): void {
    this.calls.push(`go on ${messageId}`);
    const halted = this.#halted;
    if (halted?.sessionId !== sessionId || halted.messageId !== messageId)
      throw new Error("Nothing stands still here.");
    this.#halted = null;
    this.#running = halted;
    this.play(this.playTo);
    this.#settle();
  }

  #recording(name: string): Recording {
    const found = this.#recordings.get(name);
    if (found === undefined) throw new Error(`There is no recording ${name}.`);
    return found;
  }

  #abort(sessionId: string): void {
    const running = this.#running;
    if (running?.sessionId !== sessionId) return;
    const at = running.lines.findIndex((line) => line.includes('"abort":true'));
    if (at >= 0) {
      running.at = at + 1;
      this.play();
      return;
    }
    this.#running = null;
    const error = { name: "MessageAbortedError", data: { message: "Aborted" } };
    this.emit({ type: "session.error", properties: { sessionID: sessionId, error } });
    this.emit({ type: "session.idle", properties: { sessionID: sessionId } });
    for (const part of this.sessions.get(sessionId)?.interrupted() ?? []) {
      this.emit({ type: "message.part.updated", properties: { sessionID: sessionId, part } });
    }
    const last = this.sessions.get(sessionId)?.entries().at(-1)?.info;
    if (last?.role === "assistant") {
      const info = { ...last, time: { ...last.time, completed: 1 }, error };
      this.emit({ type: "message.updated", properties: { sessionID: sessionId, info } });
    }
    this.emit({ type: "session.idle", properties: { sessionID: sessionId } });
  }
}

const sessionIds = /"sessionID":"(ses_[A-Za-z0-9]+)"/;

/** The recorded lines with the prompt's own ids, and with message and part ids that no other prompt has. */
const linesFor = (recording: Recording, sessionId: string, messageId: string, count: number): readonly string[] => {
  const raw = recording.lines.flatMap((line) => {
    if (line.kind === "event") return [JSON.stringify({ event: line.raw })];
    return line.kind === "call" ? [JSON.stringify({ call: line.call })] : [];
  });
  const recordedSession = sessionIds.exec(raw.join("\n"))?.[1] ?? "";
  const recordedPrompt = recording.prompts[0] ?? "";
  return raw
    .filter((line) => !line.includes('"session.created"'))
    .map((line) =>
      line
        .replaceAll(recordedSession, sessionId)
        .replaceAll(recordedPrompt, messageId)
        .replaceAll(/"(msg|prt)_([0-9a-f]{12}[A-Za-z0-9]+)"/g, (found, kind: string, id: string) =>
          found === `"${messageId}"` ? found : `"${kind}_${id}x${count}"`,
        ),
    );
};
