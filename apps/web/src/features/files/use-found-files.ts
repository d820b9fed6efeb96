import type { FoundFiles } from "@threadbox/contracts/files";
import { useEffect, useState } from "react";
import type { FilesClient } from "./files-client.ts";

/** How long a pause in typing is before it is searched for. */
const pauseMs = 200;

export type Search =
  | { readonly kind: "none" }
  | { readonly kind: "searching" }
  | { readonly kind: "found"; readonly found: FoundFiles }
  | { readonly kind: "failed" };

/** What has that text in its name. */
export const useFoundFiles = (client: FilesClient, query: string): Search => {
  const [search, setSearch] = useState<Search>({ kind: "none" });
  const text = query.trim();
  useEffect(() => {
    if (text === "") return setSearch({ kind: "none" });
    const control = new AbortController();
    setSearch((now) => (now.kind === "found" ? now : { kind: "searching" }));
    const timer = setTimeout(() => {
      client
        .search(text, control.signal)
        .then((found) => setSearch({ kind: "found", found }))
        .catch(() => {
          if (!control.signal.aborted) setSearch({ kind: "failed" });
        });
    }, pauseMs);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [client, text]);
  return search;
};
