import { Base64 } from "effect/encoding";
import type { CloudflareSandboxClient } from "./cloudflare-client.ts";

type Started = Awaited<ReturnType<CloudflareSandboxClient["startProcess"]>>;
type Options = NonNullable<Parameters<CloudflareSandboxClient["startProcess"]>[1]>;

const stamp = "2026-01-01T00:00:00.000Z";

/**
 * One container as `@cloudflare/sandbox` shows it: files and processes die with it, any call wakes it, and errors are
 * plain exceptions. It runs no program; a shell text is understood only as far as the contract suite speaks it.
 */
export class StubCloudflareSandbox implements CloudflareSandboxClient {
  isUp = false;
  isBroken = false;
  readonly starts: { readonly command: string; readonly options: Options }[] = [];
  readonly commands: string[] = [];
  allowedHosts: string[] = [];
  /** The handler of what leaves it, and what it is told. */
  wayOut: { readonly method: string; readonly params: unknown } | null = null;
  readonly backups: string[] = [];
  #files = new Map<string, string>();
  #folders = new Set<string>();
  #processes: Started[] = [];
  /** The program behind every port. */
  program: (request: Request) => Response | Promise<Response> = () => new Response("ok");

  #wake(): void {
    if (this.isBroken) throw new Error("There is no container instance that can be provided");
    this.isUp = true;
  }

  /** What the platform does on eviction: everything inside is gone, the name stays. */
  evict(): void {
    this.isUp = false;
    this.#files = new Map();
    this.#folders = new Set();
    this.#processes = [];
  }

  async getState() {
    if (this.isBroken) throw new Error("network connection lost");
    return { lastChange: 0, status: this.isUp ? ("healthy" as const) : ("stopped" as const) };
  }

  async destroy() {
    if (this.isBroken) throw new Error("network connection lost");
    this.evict();
  }

  async setOutboundHandler(method: string, ...[params]: unknown[]) {
    this.wayOut = { method, params };
  }

  async setAllowedHosts(hosts: string[]) {
    this.allowedHosts = hosts;
  }

  async startProcess(command: string, options: Options = {}): Promise<Started> {
    this.#wake();
    this.starts.push({ command, options });
    const started: Started = {
      id: options.processId ?? "process",
      command,
      status: "running",
      startTime: new Date(stamp),
      kill: async () => {},
      getStatus: async () => "running",
      getLogs: async () => ({ stdout: "", stderr: "" }),
      waitForLog: async (pattern) => ({ line: `opencode ${String(pattern)} on http://0.0.0.0:4096` }),
      waitForPort: async () => {},
      waitForExit: async () => ({ exitCode: 0 }),
    };
    this.#processes.push(started);
    return started;
  }

  async listProcesses() {
    this.#wake();
    return this.#processes;
  }

  async exec(command: string) {
    this.#wake();
    this.commands.push(command);
    const [, timeout = "", rest = ""] = /'timeout' '--kill-after=2' '([\d.]+)' (.*)$/s.exec(command) ?? [];
    const argv = [...rest.matchAll(/'([^']*)'/g)].map(([, argument = ""]) => argument);
    const stdin = /^printf %s '([^']*)' \|/.exec(command)?.[1] ?? "";
    const stdout = argv[0] === "echo" ? `${argv.slice(1).join(" ")}\n` : argv[0] === "cat" ? stdin : "";
    const isTimedOut = argv[0] === "sleep";
    const exitCode = isTimedOut ? 124 : argv[0] === "false" ? 1 : 0;
    const duration = isTimedOut ? Number(timeout) * 1000 : 1;
    return { success: exitCode === 0, exitCode, stdout, stderr: "", command, duration, timestamp: stamp };
  }

  #requireFile(path: string): string {
    this.#wake();
    const content = this.#files.get(path);
    if (content === undefined) throw Object.assign(new Error(`File not found: ${path}`), { name: "FileNotFoundError" });
    return content;
  }

  // The SDK types the content by the encoding asked for; the provider asks for base64 only, so `never` fits both forms.
  readFile: CloudflareSandboxClient["readFile"] = async (path: string) => ({
    success: true as const,
    path,
    content: this.#requireFile(path) as never,
    encoding: "base64" as const,
    size: 0,
    mimeType: "application/octet-stream",
    timestamp: stamp,
  });

  async writeFile(path: string, content: string | ReadableStream<Uint8Array>) {
    this.#wake();
    this.#files.set(path, typeof content === "string" ? content : await new Response(content).text());
    return { success: true, path, timestamp: stamp };
  }

  async deleteFile(path: string) {
    this.#requireFile(path);
    this.#files.delete(path);
    return { success: true, path, timestamp: stamp };
  }

  async moveFile(sourcePath: string, destinationPath: string) {
    const content = this.#requireFile(sourcePath);
    this.#files.delete(sourcePath);
    this.#files.set(destinationPath, content);
    return { success: true, path: sourcePath, newPath: destinationPath, timestamp: stamp };
  }

  async mkdir(path: string) {
    this.#wake();
    this.#folders.add(path);
    return { success: true, path, recursive: true, timestamp: stamp };
  }

  async exists(path: string) {
    this.#wake();
    return { success: true, path, exists: this.#files.has(path) || this.#folders.has(path), timestamp: stamp };
  }

  async listFiles(path: string) {
    this.#wake();
    const files = [...this.#files].map(([absolutePath, content]) => ({
      name: absolutePath.slice(absolutePath.lastIndexOf("/") + 1),
      absolutePath,
      relativePath: absolutePath.slice(path.length + 1),
      type: "file" as const,
      size: Base64.decodeString(content)._tag === "Success" ? atob(content).length : 0,
      modifiedAt: stamp,
      mode: "644",
      permissions: { readable: true, writable: true, executable: false },
    }));
    return { success: true, path, files, count: files.length, timestamp: stamp };
  }

  async containerFetch(request: Request | string | URL): Promise<Response> {
    this.#wake();
    return this.program(new Request(request));
  }

  async wsConnect(request: Request): Promise<Response> {
    this.#wake();
    return this.program(request);
  }

  async createBackup({ dir }: { dir: string }) {
    this.#wake();
    const id = `backup-${this.backups.length + 1}`;
    this.backups.push(JSON.stringify([...this.#files]));
    return { id, dir };
  }

  async restoreBackup({ id, dir }: { id: string; dir: string }) {
    this.#wake();
    this.#files = new Map(JSON.parse(this.backups[Number(id.replace("backup-", "")) - 1] ?? "[]"));
    return { success: true, id, dir };
  }
}
