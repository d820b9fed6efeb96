/**
 * Records what a real OpenCode sends while it works, against the model double, as JSON lines:
 * `{"at":ms,"event":…}` for each server-sent event, `{"at":ms,"call":…}` for what the recorder asked of it and
 * `{"at":ms,"messages":[…]}` for the session as `GET /session/:id/message` answers at that moment.
 *
 * node scripts/opencode/record.ts <folder for the recordings> [scenario …]
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startModelDouble } from "@threadbox/model-double/server";
import { playScenarios } from "./scenarios.ts";

const [, , folderArgument, ...wanted] = process.argv;
if (folderArgument === undefined) throw new Error("usage: record.ts <folder> [scenario …]");
const folder = resolve(folderArgument);
mkdirSync(folder, { recursive: true });

const freePort = (): Promise<number> =>
  new Promise((done) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      probe.close(() => done(port));
    });
  });

const model = await startModelDouble(playScenarios());
const port = await freePort();
const home = mkdtempSync(join(tmpdir(), "opencode-record-"));
const workspace = join(home, "workspace");
mkdirSync(workspace);
const binary = process.env.OPENCODE_BIN ?? resolve(import.meta.dirname, "../../node_modules/.bin/opencode");
const opencode = spawn(binary, ["serve", "--hostname", "127.0.0.1", "--port", String(port)], {
  cwd: workspace,
  stdio: ["ignore", "pipe", "pipe"],
  env: {
    PATH: process.env.PATH ?? "/usr/bin:/bin",
    HOME: home,
    OPENCODE_DISABLE_MODELS_FETCH: "1",
    OPENCODE_DISABLE_AUTOUPDATE: "1",
    OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
    OPENCODE_DISABLE_SHARE: "1",
    OPENCODE_DISABLE_PROJECT_CONFIG: "1",
    OPENCODE_CONFIG_CONTENT: JSON.stringify({
      autoupdate: false,
      share: "disabled",
      model: "threadbox/default",
      small_model: "threadbox/default",
      permission: { "*": "allow", external_directory: "allow", doom_loop: "allow", question: "deny" },
      provider: {
        threadbox: {
          npm: "@ai-sdk/openai-compatible",
          name: "Threadbox",
          options: { baseURL: model.baseUrl, apiKey: "double" },
          models: {
            default: { name: "Default", tool_call: true, reasoning: true, limit: { context: 100_000, output: 8_000 } },
          },
        },
      },
    }),
  },
});

const origin = `http://127.0.0.1:${port}`;
const ask = async (method: string, path: string, body?: unknown, timeoutMs = 20_000): Promise<unknown> => {
  const response = await fetch(`${origin}${path}`, {
    method,
    signal: AbortSignal.timeout(timeoutMs),
    ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 300)}`);
  return text === "" ? null : JSON.parse(text);
};

const healthy = async (): Promise<void> => {
  for (let attempt = 0; attempt < 200; attempt++) {
    try {
      await ask("GET", "/global/health", undefined, 400);
      return;
    } catch {
      await new Promise((done) => setTimeout(done, 100));
    }
  }
  throw new Error("OpenCode did not become healthy.");
};

interface OpenCodeEvent {
  readonly id?: string;
  readonly type: string;
  readonly properties: Record<string, unknown>;
}
type Line = { at: number } & ({ event: OpenCodeEvent } | { call: unknown } | { messages: unknown });
const json = JSON.stringify;

class Tape {
  readonly lines: Line[] = [];
  readonly #stop = new AbortController();
  readonly #started = Date.now();
  #waiting: { test: (event: OpenCodeEvent) => boolean; done: () => void }[] = [];

  async open() {
    const response = await fetch(`${origin}/event?directory=${encodeURIComponent(workspace)}`, {
      signal: this.#stop.signal,
    });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    const pump = async () => {
      for (;;) {
        const piece = await reader?.read();
        if (piece === undefined || piece.done) return;
        rest += piece.value;
        for (let end = rest.indexOf("\n\n"); end >= 0; end = rest.indexOf("\n\n")) {
          const block = rest.slice(0, end);
          rest = rest.slice(end + 2);
          if (block.startsWith("data: ")) this.#take(JSON.parse(block.slice(6)) as OpenCodeEvent);
        }
      }
    };
    pump().catch(() => {});
  }
  #take(event: OpenCodeEvent) {
    this.add({ event });
    this.#waiting = this.#waiting.filter((entry) => {
      if (!entry.test(event)) return true;
      entry.done();
      return false;
    });
  }
  add(line: { event: OpenCodeEvent } | { call: unknown } | { messages: unknown }) {
    this.lines.push({ at: Date.now() - this.#started, ...line } as Line);
  }
  until(what: string, test: (event: OpenCodeEvent) => boolean, timeoutMs = 60_000): Promise<void> {
    return new Promise((done, fail) => {
      const timer = setTimeout(() => fail(new Error(`timed out waiting for ${what}`)), timeoutMs);
      const settle = () => {
        clearTimeout(timer);
        done();
      };
      this.#waiting.push({ test, done: settle });
    });
  }
  close() {
    this.#stop.abort();
  }
}

let counter = 0;
/** OpenCode's ascending id: 6 bytes of (ms · 4096 + counter), then 14 free characters. */
const messageId = (offsetMs = 0) => {
  const time = BigInt(Date.now() + offsetMs) * 4096n + BigInt(++counter % 4096);
  return `msg_${(time & 0xffffffffffffn).toString(16).padStart(12, "0")}${Math.random().toString(36).slice(2).padEnd(14, "0").slice(0, 14)}`;
};

const isType = (type: string) => (event: OpenCodeEvent) => event.type === type;
const mentions = (text: string) => (event: OpenCodeEvent) => json(event).includes(text);

interface Stage {
  readonly tape: Tape;
  readonly session: string;
  prompt(scenario: string, id?: string): Promise<string>;
  snapshot(): Promise<unknown>;
}

const record = async (name: string, act: (stage: Stage) => Promise<void>) => {
  if (wanted.length > 0 && !wanted.includes(name)) return;
  const tape = new Tape();
  await tape.open();
  const { id: session } = (await ask("POST", `/session?directory=${encodeURIComponent(workspace)}`, {
    title: name,
  })) as { id: string };
  const stage: Stage = {
    tape,
    session,
    prompt: async (scenario, id = messageId()) => {
      tape.add({ call: { prompt: scenario, messageID: id } });
      await ask("POST", `/session/${session}/prompt_async`, {
        messageID: id,
        parts: [{ type: "text", text: `scenario:${scenario}` }],
      });
      return id;
    },
    snapshot: async () => {
      const messages = await ask("GET", `/session/${session}/message`);
      tape.add({ messages });
      return messages;
    },
  };
  await act(stage);
  await new Promise((done) => setTimeout(done, 400));
  await stage.snapshot();
  tape.close();
  const scrub = (text: string) => text.replaceAll(workspace, "/workspace").replaceAll(home, "/home/user");
  const ours = tape.lines.filter(
    (line) =>
      !("event" in line) ||
      !/^(session\.updated|session\.diff|plugin|catalog|reference|integration|file\.watcher|lsp|installation|server\.instance)/.test(
        line.event.type,
      ),
  );
  writeFileSync(join(folder, `${name}.jsonl`), `${ours.map((line) => scrub(json(line))).join("\n")}\n`);
  console.log(`${name}: ${ours.length} lines`);
};

const simple = (name: string) =>
  record(name, async ({ tape, prompt }) => {
    const idle = tape.until("idle", isType("session.idle"));
    await prompt(name);
    await idle;
  });

try {
  await healthy();
  await ask("GET", `/path?directory=${encodeURIComponent(workspace)}`);
  for (const name of ["text", "reasoning"]) await simple(name);
  await record("tools", async ({ tape, prompt, snapshot }) => {
    const idle = tape.until("idle", isType("session.idle"));
    const line = tape.until("line 2", mentions("line 2"));
    await prompt("tools");
    await line;
    await snapshot();
    await idle;
  });
  for (const name of ["edit", "toolerror", "parallel", "retry", "refused", "unauthorized", "cut", "bigoutput", "marks"])
    await simple(name);
  await record("aborttext", async ({ tape, prompt, session, snapshot }) => {
    const idle = tape.until("idle", isType("session.idle"));
    const some = tape.until(
      "some text",
      (event) => event.type === "message.part.delta" && json(event).includes('"j "'),
    );
    await prompt("aborttext");
    await some;
    await snapshot();
    tape.add({ call: { abort: true } });
    await ask("POST", `/session/${session}/abort`);
    await idle;
  });
  await record("abortbash", async ({ tape, prompt, session, snapshot }) => {
    const idle = tape.until("idle", isType("session.idle"));
    const some = tape.until("output", (event) => json(event).includes('"output":"started'));
    await prompt("abortbash");
    await some;
    await snapshot();
    tape.add({ call: { abort: true } });
    await ask("POST", `/session/${session}/abort`);
    await idle;
  });
  await record("storm", async ({ tape, prompt, session }) => {
    const idle = tape.until("idle", isType("session.idle"));
    const second = tape.until(
      "attempt 3",
      (event) => event.type === "session.status" && json(event).includes('"attempt":3'),
    );
    await prompt("storm");
    await second;
    tape.add({ call: { abort: true } });
    await ask("POST", `/session/${session}/abort`);
    await idle;
  });
  await record("signedout", async ({ tape, prompt, session, snapshot }) => {
    const idle = tape.until("idle", isType("session.idle"));
    const id = await prompt("signedout");
    await idle;
    await snapshot();
    const end = tape.until("idle again", isType("session.idle"));
    tape.add({ call: { goOn: id } });
    await ask("POST", `/session/${session}/prompt_async`, { messageID: id, parts: [] });
    await end;
  });
  await record("limited", async ({ tape, prompt, session }) => {
    const idle = tape.until("idle", isType("session.idle"));
    const first = tape.until("a retry", mentions('"type":"retry"'));
    await prompt("limited");
    await first;
    tape.add({ call: { abort: true } });
    await ask("POST", `/session/${session}/abort`);
    await idle;
  });
  for (const name of ["empty", "length", "unusable"]) await simple(name);
  // OpenCode never ends these by itself.
  for (const name of ["nofinish", "nocalls", "broken", "cuts"])
    await record(name, async ({ tape, prompt, session }) => {
      const idle = tape.until("idle", isType("session.idle"));
      let laps = 0;
      const third = tape.until("the third lap", (event) => json(event).includes('"step-start"') && ++laps === 3);
      await prompt(name);
      await third.catch(() => {});
      tape.add({ call: { abort: true } });
      await ask("POST", `/session/${session}/abort`);
      await idle;
    });
  await record("queued", async ({ tape, prompt }) => {
    const first = tape.until("first delta", isType("message.part.delta"));
    const idle = tape.until("idle", isType("session.idle"));
    await prompt("text-one");
    await first;
    await prompt("text-two");
    await idle;
  });
  await record("skewed", async ({ tape, prompt, session }) => {
    for (const offset of [3_600_000, -3_600_000, 0]) {
      const idle = tape.until("idle", isType("session.idle"), 15_000);
      await prompt(`text-skew${offset < 0 ? "behind" : offset > 0 ? "ahead" : "none"}`, messageId(offset));
      await idle.catch(async () => {
        tape.add({ call: { "no idle": offset } });
        await ask("POST", `/session/${session}/abort`);
      });
    }
  });
  await record("revert", async ({ tape, prompt, session, snapshot }) => {
    const ids: string[] = [];
    for (const scenario of ["text-r1", "tools-r2"]) {
      const idle = tape.until("idle", isType("session.idle"));
      ids.push(await prompt(scenario));
      await idle;
    }
    await snapshot();
    tape.add({ call: { revert: ids[1] } });
    await ask("POST", `/session/${session}/revert`, { messageID: ids[1] });
    await snapshot();
    const idle = tape.until("idle", isType("session.idle"));
    await prompt("text-r3");
    await idle;
  });
} finally {
  opencode.kill("SIGTERM");
  await model.stop();
  rmSync(home, { recursive: true, force: true });
}
