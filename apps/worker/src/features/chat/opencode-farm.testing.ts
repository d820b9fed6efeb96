import { OpenCodeDouble } from "../opencode/opencode-double.testing.ts";
import type { Recordings } from "../opencode/recordings.testing.ts";
import type { StubSandboxHost } from "../sandbox/stub-host.testing.ts";

/** What a test may ask of the OpenCode of one sandbox; it lives beside the worker, not inside. */
export type FarmOrder =
  /** Prompts that follow are played up to the first event that contains this text. */
  | { readonly order: "hold"; readonly at: string }
  /** `fall asleep`: the host takes the sandbox's place away at the next request to a port, after it was found ready. */
  | {
      readonly order:
        | "hold nothing"
        | "forget sessions"
        | "go on"
        | "cut"
        | "fall silent"
        | "die"
        | "fall asleep"
        | "be outdated"
        | "have no place"
        | "have a place"
        | "calls";
    }
  /** Answers once this many calls contain the text. */
  | { readonly order: "await"; readonly call: string; readonly times?: number };

/** An OpenCode in every sandbox of a stub host. A sandbox that starts again keeps its sessions. */
export class OpenCodeFarm {
  readonly #host: StubSandboxHost;
  readonly #recordings: Recordings;
  readonly #doubles = new Map<string, OpenCodeDouble>();
  #hold = new Map<string, string>();

  constructor(host: StubSandboxHost, recordings: Recordings) {
    this.#host = host;
    this.#recordings = recordings;
    host.program = (request, generation) => this.#answer(request, generation);
  }

  #double(name: string, generation: number): OpenCodeDouble {
    const known = this.#doubles.get(name);
    if (known !== undefined && known.generation === generation) return known;
    const double = new OpenCodeDouble(this.#recordings, generation);
    for (const [id, session] of known?.sessions ?? []) double.sessions.set(id, session);
    double.calls.push(...(known?.calls ?? []));
    this.#doubles.set(name, double);
    this.#applyHold(name);
    return double;
  }

  #applyHold(name: string): void {
    const double = this.#doubles.get(name);
    const at = this.#hold.get(name);
    if (double !== undefined) double.playTo = at === undefined ? "end" : (event) => JSON.stringify(event).includes(at);
  }

  #answer(request: Request, generation: number): Promise<Response> {
    const [, name = "", path = ""] =
      /^\/v1\/sandboxes\/([0-9a-f]{32})\/ports\/4096(\/.*)$/.exec(new URL(request.url).pathname) ?? [];
    return this.#double(name, generation).fetch(new Request(`http://opencode${path}`, request));
  }

  async control(name: string, order: FarmOrder): Promise<unknown> {
    const double = this.#doubles.get(name);
    switch (order.order) {
      case "hold":
        this.#hold.set(name, order.at);
        return this.#applyHold(name);
      case "hold nothing":
        this.#hold.delete(name);
        return this.#applyHold(name);
      case "forget sessions":
        return double?.sessions.clear();
      case "go on":
        return double?.play();
      case "cut":
        return double?.cut();
      case "fall silent":
        return double?.fallSilent();
      case "die":
        this.#host.sandboxes.delete(name);
        return double?.die();
      case "be outdated":
        if (double !== undefined) double.isOutdated = true;
        return;
      case "fall asleep":
        return this.#host.putToSleepAtNextUse(name);
      case "have no place":
        return this.#host.withoutPlace.add(name).size;
      case "have a place":
        return this.#host.withoutPlace.delete(name);
      case "calls":
        return double?.calls ?? [];
      case "await":
        while (this.#doubles.get(name) === undefined) await new Promise((done) => setImmediate(done));
        return this.#doubles.get(name)?.called(order.call, order.times);
    }
  }
}
