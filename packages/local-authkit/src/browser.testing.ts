import { vi } from "vitest";
import { appOrigin } from "./identity.testing.ts";

export const newStorage = (): Storage => {
  const entries = new Map<string, string>();
  return {
    get length() {
      return entries.size;
    },
    key: (index) => [...entries.keys()][index] ?? null,
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, value) => void entries.set(key, value),
    removeItem: (key) => void entries.delete(key),
    clear: () => entries.clear(),
  };
};

/**
 * Makes the globals as much of a browser as `authkit-js` touches: a tab of the app at that address. `window.fetch` sends
 * the page's origin, as a browser does. Undone by `vi.unstubAllGlobals`.
 */
export const becomeTab = (address: string, localStorage: Storage, sessionStorage: Storage) => {
  vi.unstubAllGlobals();
  const plainFetch = fetch;
  const location = Object.assign(new URL(address), { assign: vi.fn<(url: string) => void>() });
  const history = {
    replaceState: (_state: unknown, _title: string, url: URL) => {
      location.href = url.href;
    },
  };
  const globals = { location, localStorage, sessionStorage, history };
  for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value);
  vi.stubGlobal("window", { ...globals, origin: appOrigin });
  vi.stubGlobal("document", { cookie: "", hidden: true });
  vi.stubGlobal("fetch", (input: string | URL, init?: RequestInit) => {
    const headers = new Headers(init?.headers);
    if (!headers.has("origin")) headers.set("origin", appOrigin);
    return plainFetch(input, { ...init, headers });
  });
  return location;
};
