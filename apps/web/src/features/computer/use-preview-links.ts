import { type ComputerAnswers, type ComputerBodies, computerApi } from "@threadbox/contracts/computer-api";
import type { MadePreviewLink, MakePreviewLink, PreviewLink } from "@threadbox/contracts/preview-links";
import { useCallback, useEffect, useState } from "react";
import { workerUrl } from "../../lib/worker-url.ts";
import { threadFetch, useThreadTokens } from "../thread-token/index.ts";

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
    (url: string, init: RequestInit = {}): Promise<Response> => threadFetch(tokens, threadId, url, init),
    [threadId, tokens],
  );
  const root = workerUrl(computerApi.listPreviewLinks, { threadId });
  useEffect(() => {
    if (!isWanted) return;
    const control = new AbortController();
    const look = async () => {
      if (document.visibilityState !== "visible") return;
      try {
        const { links } = (await (
          await ask(root, { signal: control.signal })
        ).json()) as ComputerAnswers["listPreviewLinks"];
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
  }, [ask, root, isWanted]);
  const change = useCallback(
    (to: (links: readonly PreviewLink[]) => readonly PreviewLink[]) =>
      setState((now) => ({ kind: "known", links: to(now.kind === "known" ? now.links : []) })),
    [],
  );
  const make = useCallback(
    async (wish: MakePreviewLink) => {
      const { method } = computerApi.makePreviewLink;
      const body = JSON.stringify(wish satisfies ComputerBodies["makePreviewLink"]);
      const made = (await (await ask(root, { method, body })).json()) as ComputerAnswers["makePreviewLink"];
      change((links) => [made.link, ...links.filter(({ id }) => id !== made.link.id)]);
      return made;
    },
    [ask, root, change],
  );
  const revoke = useCallback(
    async (id: string) => {
      const { revokePreviewLink } = computerApi;
      await ask(workerUrl(revokePreviewLink, { threadId, linkId: id }), { method: revokePreviewLink.method });
      change((links) => links.filter((link) => link.id !== id));
    },
    [ask, threadId, change],
  );
  return { state, make, revoke };
};
