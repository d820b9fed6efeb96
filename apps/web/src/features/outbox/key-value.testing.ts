import type { KeyValue } from "./key-value.ts";

/** A store in memory; `map` is what a reload would find. */
export const memoryKeyValue = <T>(map = new Map<string, T>()): KeyValue<T> & { readonly map: Map<string, T> } => ({
  map,
  get: async (key) => map.get(key),
  set: async (key, value) => void map.set(key, structuredClone(value)),
  del: async (key) => void map.delete(key),
  entries: async () => [...map],
});
