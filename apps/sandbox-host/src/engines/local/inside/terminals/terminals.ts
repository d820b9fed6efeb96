import { randomUUID } from "node:crypto";
import { endedMax } from "./protocol.ts";
import type { Pty } from "./pty.ts";
import { Terminal } from "./terminal.ts";

/** The terminals of one sandbox, oldest first. */
export class Terminals {
  readonly #all = new Map<string, Terminal>();
  readonly #open: () => Pty;

  constructor(open: () => Pty) {
    this.#open = open;
  }

  list(): readonly Terminal[] {
    const all = [...this.#all.values()];
    const ended = all.filter(({ isRunning }) => !isRunning);
    for (const { id } of ended.slice(0, Math.max(0, ended.length - endedMax))) this.#all.delete(id);
    return [...this.#all.values()];
  }

  find(id: string): Terminal | undefined {
    return this.#all.get(id);
  }

  open(title: string): Terminal {
    const terminal = new Terminal(`pty_${randomUUID().replaceAll("-", "")}`, title, this.#open());
    this.#all.set(terminal.id, terminal);
    this.list();
    return terminal;
  }

  close(terminal: Terminal): void {
    terminal.close();
    this.#all.delete(terminal.id);
  }
}
