import { createStore, del, entries, get, promisifyRequest } from "idb-keyval";

/** Where small things of this device are kept across reloads. */
export interface KeyValue<T> {
  readonly get: (key: string) => Promise<T | undefined>;
  readonly set: (key: string, value: T) => Promise<void>;
  readonly del: (key: string) => Promise<void>;
  readonly entries: () => Promise<readonly (readonly [string, T])[]>;
}

/** In IndexedDB, one database per name and user of this browser. */
export const openKeyValue = <T>(name: string, userId: string): KeyValue<T> => {
  const store = createStore(`threadbox-${name}-${userId}`, name);
  return {
    get: (key) => get<T>(key, store),
    // Committed with the request: a page that is left at this moment has been heard.
    set: (key, value) =>
      store("readwrite", (objects) => {
        objects.put(value, key);
        objects.transaction.commit();
        return promisifyRequest(objects.transaction);
      }),
    del: (key) => del(key, store),
    entries: () => entries<string, T>(store),
  };
};
