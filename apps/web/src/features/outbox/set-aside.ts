import { showToast } from "@threadbox/ui/toast";
import { type KeyValue, openKeyValue } from "./key-value.ts";
import { outboxTexts } from "./texts.ts";

let isSaid = false;
/** Once per page, however much of it there is. */
const say = (): void => {
  if (!isSaid) showToast({ title: outboxTexts.unreadable, durationMs: 0 });
  isSaid = true;
};

/** Puts what cannot be read into `aside`, leaves in its place what of it can be, and says so. Nothing readable is undefined. */
export const setAside = async (
  store: KeyValue<unknown>,
  key: string,
  rest: unknown,
  aside: KeyValue<unknown>,
): Promise<void> => {
  await aside.set(key, await store.get(key));
  await (rest === undefined ? store.del(key) : store.set(key, rest));
};

/** The same on this device. A store that takes nothing has lost nothing by it. */
export const setAsideHere = async (
  store: KeyValue<unknown>,
  key: string,
  rest: unknown,
  name: string,
  userId: string,
): Promise<void> => {
  await setAside(store, key, rest, openKeyValue(`aside-${name}`, userId)).catch(() => undefined);
  say();
};
