import type { MadePreviewLink, MakePreviewLink, PreviewLink, PreviewLinks } from "@threadbox/contracts/preview-links";
import { useCallback, useEffect, useState } from "react";
import { pageConfig } from "../../lib/request.ts";
import { readWireFailure } from "../errors/index.ts";
import { useThreadTokens } from "../thread-token/index.ts";

/** The thread's preview links, as far as is known. */
export type LinksState =
  | { readonly kind: "looking" | "failed" }
  | { readonly kind: "known"; readonly links: readonly PreviewLink[] };

export interface UsePreviewLinks {
  readonly state: LinksState;
  make(wish: MakePreviewLink): Promise<MadePreviewLink>;
  revoke(id: string): Promise<void>;
}

/** Another page may have made one meanwhile. */
const lookMs = 15_000;

/** Looks while somebody is looking. What is asked rejects with a `WireFailure` where the worker refuses. */
export const usePreviewLinks = (threadId: string, isWanted: boolean): UsePreviewLinks => {
  const tokens = useThreadTokens();
  const [state, setState] = useState<LinksState>({ kind: "looking" });
  const ask = useCallback(
    (path: string, init: RequestInit = {}): Promise<Response> =>
      tokens.use(threadId, async (token) => {
        const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
        const root = `${pageConfig().workerUrl}/api/sandbox/${threadId}/preview-links`;
        const response = await fetch(`${root}${path}`, { ...init, headers });
        if (!response.ok) throw await readWireFailure(response);
        return response;
      }),
    [threadId, tokens],
  );
  useEffect(() => {
    if (!isWanted) return;
    const control = new AbortController();
    const look = async () => {
      if (document.visibilityState !== "visible") return;
      try {
        const { links } = (await (await ask("", { signal: control.signal })).json()) as PreviewLinks;
        if (!control.signal.aborted) setState({ kind: "known", links });
      } catch {
        // One missed look is no news where something is known.
        if (!control.signal.aborted) setState((now) => (now.kind === "known" ? now : { kind: "failed" }));
      }
    };
    void look();
    const timer = setInterval(() => void look(), lookMs);
    return () => {
      control.abort();
      clearInterval(timer);
    };
  }, [ask, isWanted]);
  const change = useCallback(
    (to: (links: readonly PreviewLink[]) => readonly PreviewLink[]) =>
      setState((now) => ({ kind: "known", links: to(now.kind === "known" ? now.links : []) })),
    [],
  );
  const make = useCallback(
    async (wish: MakePreviewLink) => {
      const made = (await (await ask("", { method: "POST", body: JSON.stringify(wish) })).json()) as MadePreviewLink;
      change((links) => [made.link, ...links.filter(({ id }) => id !== made.link.id)]);
      return made;
    },
    [ask, change],
  );
  const revoke = useCallback(
    async (id: string) => {
      await ask(`/${id}`, { method: "DELETE" });
      change((links) => links.filter((link) => link.id !== id));
    },
    [ask, change],
  );
  return { state, make, revoke };
};
