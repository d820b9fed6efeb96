import { documentOwner } from "../auth/index.ts";
import { type KeyValue, openKeyValue } from "../outbox/index.ts";

/** What was kept for a message that never came to be is removed after so long. */
const keptMsMax = 30 * 24 * 60 * 60_000;

const field = (value: unknown, name: string): unknown => Reflect.get(Object(value), name);

/** The bytes of files that wait on this device to be put into a workspace. */
export class DeviceFiles {
  readonly #store: KeyValue<unknown>;
  readonly #here = new Map<string, Blob>();

  constructor(store: KeyValue<unknown>) {
    this.#store = store;
  }

  /** Answers whether it will still be there after a reload; until then it is, whatever the store says. */
  async keep(url: string, content: Blob, now: number): Promise<boolean> {
    this.#here.set(url, content);
    return this.#store.set(url, { content, keptAt: now }).then(
      () => true,
      () => false,
    );
  }

  async find(url: string): Promise<Blob | null> {
    const here = this.#here.get(url);
    if (here !== undefined) return here;
    const content = field(await this.#store.get(url).catch(() => undefined), "content");
    if (!(content instanceof Blob)) return null;
    this.#here.set(url, content);
    return content;
  }

  async drop(url: string): Promise<void> {
    this.#here.delete(url);
    await this.#store.del(url).catch(() => undefined);
  }

  /** Removes what nobody came back for. */
  async sweep(now: number): Promise<void> {
    const kept = await this.#store.entries().catch(() => []);
    const isOld = (value: unknown) => !(Number(field(value, "keptAt")) > now - keptMsMax);
    await Promise.all(kept.map(([url, value]) => (isOld(value) ? this.drop(url) : undefined)));
  }
}

let files: DeviceFiles | undefined;

/** One per page and user; opened when first asked for. */
export const deviceFiles = (): DeviceFiles => {
  if (files === undefined) {
    files = new DeviceFiles(openKeyValue("files", documentOwner()));
    void files.sweep(Date.now());
  }
  return files;
};
