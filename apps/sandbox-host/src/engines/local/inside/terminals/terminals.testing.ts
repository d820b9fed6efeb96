import { once } from "node:events";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import type { Terminal, TerminalEventFrame, TerminalPageFrame } from "@threadbox/contracts/terminal";
import { WebSocket } from "ws";
import { openPty } from "./pty.ts";
import { terminalsServer } from "./server.ts";
import { Terminals } from "./terminals.ts";

export const key = "k".repeat(64);

/** Whoever reads a terminal: what came, and how it ended. */
export class TestReader {
  readonly socket: WebSocket;
  readonly events: TerminalEventFrame[] = [];
  bytes = 0;
  /** The newest part of the output. */
  tail = "";
  /** Whether it says at once that it has taken what came. */
  isTaking: boolean;
  #position = 0;
  closeCode: number | null = null;

  constructor(socket: WebSocket, isTaking: boolean) {
    this.socket = socket;
    this.isTaking = isTaking;
    socket.on("message", (data, isBinary) => {
      if (isBinary) this.#hear(data as Buffer);
      else this.#hearEvent(JSON.parse(String(data)));
    });
    // How it ends is told by the close that follows.
    socket.on("error", () => {});
    socket.on("close", (code) => {
      this.closeCode = code;
    });
  }

  #hear(output: Buffer): void {
    this.bytes += output.length;
    this.#position += output.length;
    this.tail = (this.tail + String(output)).slice(-20_000);
    if (this.isTaking) this.take();
  }

  #hearEvent(event: TerminalEventFrame): void {
    this.events.push(event);
    if (event.type === "from") this.#position = event.position;
  }

  take(): void {
    this.say({ type: "taken", position: this.#position });
  }

  say(frame: TerminalPageFrame): void {
    this.socket.send(JSON.stringify(frame));
  }

  type(text: string): void {
    this.say({ type: "input", text });
  }
}

/** A server of terminals whose shells are plain ones. */
export const openTestServer = async () => {
  const environment = { PATH: "/usr/bin:/bin", PS1: "$ ", TERM: "xterm-256color", HOME: os.tmpdir() };
  const program = ["/bin/bash", "--norc", "--noprofile"];
  const terminals = new Terminals(() => openPty({ program, folder: os.tmpdir(), environment }));
  const server = terminalsServer(terminals, key);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const base = `http://127.0.0.1:${port}/terminals`;
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`${base}${path}`, { ...init, headers: { authorization: `Bearer ${key}`, ...init.headers } });
  const open = async (): Promise<Terminal> =>
    (await ask("", { method: "POST", body: JSON.stringify({ title: "Terminal 1" }) })).json() as Promise<Terminal>;
  const list = async (): Promise<readonly Terminal[]> =>
    ((await (await ask("")).json()) as { readonly terminals: readonly Terminal[] }).terminals;
  return {
    base,
    ask,
    open,
    list,
    read: async (id: string, { position = 0, isTaking = true } = {}): Promise<TestReader> => {
      const url = `${base.replace("http", "ws")}/${id}/socket?position=${position}`;
      const socket = new WebSocket(url, { headers: { authorization: `Bearer ${key}` } });
      const reader = new TestReader(socket, isTaking);
      await once(socket, "open");
      return reader;
    },
    close: async () => {
      for (const { id } of await list()) await ask(`/${id}`, { method: "DELETE" });
      server.closeAllConnections();
      server.close();
    },
  };
};
