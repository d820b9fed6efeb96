/** R2's own bounds: of a key, in bytes, and of the keys that one call removes. */
const [keyBytesMax, removedAtOnce] = [1_024, 1_000];

export interface StoredFile {
  readonly path: string;
  readonly sizeBytes: number;
  /** As it was given; null where none was. */
  readonly mark: string | null;
}

const markName = "mark";

/** The files of one sandbox in a bucket. Paths are relative to its workspace, in whatever this takes and gives. */
export class WorkspaceStorage {
  readonly #bucket: R2Bucket;
  readonly #prefix: string;
  readonly #pageMax: number;

  /** `pageMax`: how many files one call lists. */
  constructor(bucket: R2Bucket, sandboxId: string, pageMax = removedAtOnce) {
    this.#bucket = bucket;
    this.#pageMax = pageMax;
    this.#prefix = `workspaces/${sandboxId}/`;
  }

  #keyOf(path: string): string {
    if (!this.takes(path)) throw new Error("This path can't be a file's here.");
    return `${this.#prefix}${path}`;
  }

  /** Whether a file of this path can be kept: it stays below the workspace, and its key is short enough. */
  takes(path: string): boolean {
    const isPlain = path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
    return isPlain && new TextEncoder().encode(`${this.#prefix}${path}`).byteLength <= keyBytesMax;
  }

  /** A stream must say its own length. `mark`: what its next listing tells of it. */
  async saveFile(path: string, content: ArrayBuffer | string | ReadableStream, mark?: string): Promise<void> {
    const customMetadata = mark === undefined ? {} : { [markName]: mark };
    await this.#bucket.put(this.#keyOf(path), content, { customMetadata });
  }

  async loadFile(path: string): Promise<ArrayBuffer | null> {
    const object = await this.#bucket.get(this.#keyOf(path));
    return object === null ? null : object.arrayBuffer();
  }

  /** Every file, however many pages the bucket makes of them. */
  async *files(): AsyncGenerator<StoredFile> {
    let cursor: string | undefined;
    do {
      const page: R2Objects = await this.#bucket.list({
        prefix: this.#prefix,
        include: ["customMetadata"],
        limit: this.#pageMax,
        ...(cursor === undefined ? {} : { cursor }),
      });
      for (const { key, size, customMetadata } of page.objects)
        yield { path: key.slice(this.#prefix.length), sizeBytes: size, mark: customMetadata?.[markName] ?? null };
      cursor = page.truncated ? page.cursor : undefined;
    } while (cursor !== undefined);
  }

  async listFiles(): Promise<string[]> {
    const paths: string[] = [];
    for await (const { path } of this.files()) paths.push(path);
    return paths;
  }

  async isEmpty(): Promise<boolean> {
    const { objects } = await this.#bucket.list({ prefix: this.#prefix, limit: 1 });
    return objects.length === 0;
  }

  deleteFile(path: string): Promise<void> {
    return this.deleteFiles([path]);
  }

  async deleteFiles(paths: readonly string[]): Promise<void> {
    const keys = paths.map((path) => this.#keyOf(path));
    for (let at = 0; at < keys.length; at += removedAtOnce) {
      await this.#bucket.delete(keys.slice(at, at + removedAtOnce));
    }
  }

  /** Nothing of the sandbox is left, whatever its keys look like. */
  async deleteAllFiles(): Promise<void> {
    for (;;) {
      const { objects } = await this.#bucket.list({ prefix: this.#prefix, limit: this.#pageMax });
      if (objects.length === 0) return;
      await this.#bucket.delete(objects.map(({ key }) => key));
    }
  }
}
