import { setTimeout as delay } from "node:timers/promises";
import {
  type EnsureSandbox,
  type ExecResult,
  type HostedSandbox,
  type HostHealth,
  sandboxHostApi,
} from "@threadbox/contracts/sandbox-host";

const sandboxTimeoutMs = 90_000;
const pollMs = 25;

/** As the control channel wants it; a bench counts generations itself. */
export type SandboxRequest = Omit<EnsureSandbox, "generation"> & { readonly generation: number };

/** Where something inside a sandbox is reached, and what has to be shown there. */
export interface Door {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The control channel of a sandbox host, as the worker speaks it. */
export class SandboxHostClient {
  readonly #origin: string;
  readonly #token: string;

  constructor(origin: string, token: string) {
    this.#origin = origin;
    this.#token = token;
  }

  #url(name: string): string {
    return `${this.#origin}${sandboxHostApi.prefix}/sandboxes/${name}`;
  }

  #ask(method: string, url: string, body?: string, timeoutMs = sandboxTimeoutMs): Promise<Response> {
    return fetch(url, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, "content-type": "application/json" },
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body }),
    });
  }

  /** Asks for a running sandbox and waits until it is one. Resolves to false when it does not start. */
  async ensure(name: string, request: SandboxRequest): Promise<boolean> {
    const deadline = performance.now() + sandboxTimeoutMs;
    let response = await this.#ask("PUT", this.#url(name), JSON.stringify(request));
    for (;;) {
      if (!response.ok) return false;
      const { status } = (await response.json()) as HostedSandbox;
      if (status !== "starting") return status === "ready";
      if (performance.now() > deadline) return false;
      await delay(pollMs);
      response = await this.#ask("GET", this.#url(name));
    }
  }

  /** A port inside; `inner` is what the program behind it is shown as `Authorization`. */
  port(name: string, port: number, inner = ""): Door {
    return {
      url: `${this.#url(name)}/ports/${port}`,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(inner === "" ? {} : { [sandboxHostApi.forwardedAuthorizationHeader]: inner }),
      },
    };
  }

  async writeFile(name: string, path: string, text: string): Promise<void> {
    const response = await this.#ask("PUT", `${this.#url(name)}/files?path=${encodeURIComponent(path)}`, text);
    if (!response.ok) throw new Error(`${path} cannot be written: ${response.status} ${await response.text()}`);
  }

  /** Runs a program to its end. */
  async exec(name: string, argv: readonly string[], timeoutMs: number): Promise<ExecResult> {
    const response = await this.#ask(
      "POST",
      `${this.#url(name)}/exec`,
      JSON.stringify({ argv, timeoutMs }),
      timeoutMs + 5_000,
    );
    if (!response.ok) throw new Error(`${argv.join(" ")}: ${response.status} ${await response.text()}`);
    return (await response.json()) as ExecResult;
  }

  /** Waits until it naps; false when it doesn't. */
  async waitForNap(name: string): Promise<boolean> {
    const deadline = performance.now() + sandboxTimeoutMs;
    while (performance.now() < deadline) {
      const { nap } = (await (await this.#ask("GET", this.#url(name))).json()) as HostedSandbox;
      if (nap !== undefined) return true;
      await delay(pollMs);
    }
    return false;
  }

  async destroy(name: string, keepsWorkspace = false): Promise<void> {
    const response = await this.#ask("DELETE", `${this.#url(name)}?keepWorkspace=${keepsWorkspace}`);
    await response.arrayBuffer();
  }

  /** Each sandbox that the host knows, with the number of its start. */
  async starts(): Promise<readonly string[]> {
    const list = await this.#ask("GET", `${this.#origin}${sandboxHostApi.prefix}/sandboxes`);
    const { sandboxes } = (await list.json()) as { readonly sandboxes: readonly HostedSandbox[] };
    return sandboxes.map(({ name, generation }) => `${name} ${generation}`).toSorted();
  }

  /** The sandboxes that the host knows. */
  async names(): Promise<readonly string[]> {
    const list = await this.#ask("GET", `${this.#origin}${sandboxHostApi.prefix}/sandboxes`);
    const { sandboxes } = (await list.json()) as { readonly sandboxes: readonly HostedSandbox[] };
    return sandboxes.map(({ name }) => name);
  }

  /** How many sandboxes are ready for new threads. */
  async warm(): Promise<number> {
    const health = await fetch(`${this.#origin}${sandboxHostApi.prefix}/health`);
    return ((await health.json()) as HostHealth).warm ?? 0;
  }

  /** Ends every sandbox of the host and keeps the workspaces. */
  async stopAll(): Promise<void> {
    for (const name of await this.names()) {
      const response = await this.#ask("DELETE", `${this.#url(name)}?keepWorkspace=true`);
      await response.arrayBuffer();
    }
  }
}
