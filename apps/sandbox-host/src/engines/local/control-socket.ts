import * as fs from "node:fs";
import * as net from "node:net";
import type { ControlRequest } from "./inside/protocol.ts";

/** `O_PATH` of Linux, which Node does not name: a descriptor that only says which file is meant. */
const openPath = 0o10000000;

/**
 * The supervisor's socket, held by descriptor. Programs in the sandbox can replace the file by a link to a socket of
 * the host; whatever they put there later, connections still go to the socket that was found first.
 */
export class ControlSocket {
  readonly #fd: number;
  #isOpen = true;

  /** Throws when the path is no socket. */
  constructor(path: string) {
    this.#fd = fs.openSync(path, openPath | fs.constants.O_NOFOLLOW);
    if (!fs.fstatSync(this.#fd).isSocket()) {
      fs.closeSync(this.#fd);
      throw new Error("The control socket is not a socket.");
    }
  }

  /** A connection whose first line is the request. Never throws; failures are `error` events. */
  open(request: ControlRequest): net.Socket {
    const socket = new net.Socket();
    if (this.#isOpen) socket.connect(`/proc/self/fd/${this.#fd}`);
    else process.nextTick(() => socket.destroy(new Error("The sandbox has ended.")));
    socket.write(`${JSON.stringify(request)}\n`);
    return socket;
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    fs.closeSync(this.#fd);
  }
}
