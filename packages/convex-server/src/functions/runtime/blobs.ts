import { openAsBlob } from "node:fs";
import { receiveFile } from "../../files/file-store.ts";
import { current } from "./invocation.ts";

interface StoreArgs {
  readonly blob: Blob;
  readonly options?: { readonly sha256?: string };
}

/** `storage.store` and `storage.get` of actions: their bytes pass between the thread and the folder, not through the server. */
export class Blobs {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Answers a call whose arguments and result are no JSON; null for one that it does not know. */
  call(op: string, args: Readonly<Record<string, unknown>>): Promise<unknown> | null {
    if (op === "storage/storeBlob") return this.#store(args as unknown as StoreArgs);
    return op === "storage/getBlob" ? this.#get(String(args.storageId)) : null;
  }

  async #store({ blob, options }: StoreArgs): Promise<string> {
    const { ask } = current();
    if (!(blob instanceof Blob)) throw new Error("storage.store needs a Blob.");
    const received = await receiveFile(this.#folder, blob.stream());
    const contentType = blob.type === "" ? null : blob.type;
    return JSON.parse(
      await ask("storage/adopt", JSON.stringify({ ...received, contentType, expected: options?.sha256 ?? null })),
    );
  }

  async #get(storageId: string): Promise<Blob | null> {
    const found = JSON.parse(await current().ask("storage/locate", JSON.stringify({ storageId })));
    return found === null ? null : openAsBlob(found.path, { type: found.contentType ?? "" });
  }
}
