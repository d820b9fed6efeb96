import type { LoginStorage } from "./book.ts";

/** A Durable Object's storage in memory. */
export class MapStorage implements LoginStorage {
  readonly #values = new Map<string, unknown>();
  get = <T>(key: string) => this.#values.get(key) as T | undefined;
  put = <T>(key: string, value: T) => void this.#values.set(key, value);
  delete = (key: string) => this.#values.delete(key);
  list = <T>({ prefix }: { readonly prefix: string }) =>
    [...this.#values].filter(([key]) => key.startsWith(prefix)) as [string, T][];
}
