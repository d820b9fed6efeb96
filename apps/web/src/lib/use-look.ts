import { useCallback, useEffect, useState } from "react";

/** Something that is looked at again and again, as far as it is known. */
export type Looked<A> = { readonly kind: "looking" | "failed" } | { readonly kind: "known"; readonly value: A };

/** Looks at once and again after each `everyMs`, while it is wanted and the page can be seen; `again` does so now. */
export const useLook = <A>(ask: (signal: AbortSignal) => Promise<A>, everyMs: number, isWanted: boolean) => {
  const [state, setState] = useState<Looked<A>>({ kind: "looking" });
  const [asked, setAsked] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever asks begins anew
  useEffect(() => {
    if (!isWanted) return;
    const control = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    const look = async () => {
      if (document.visibilityState === "visible") {
        try {
          const value = await ask(control.signal);
          if (!control.signal.aborted) setState({ kind: "known", value });
        } catch {
          if (control.signal.aborted) return;
          // One missed look is no news where something is known.
          setState((now) => (now.kind === "known" ? now : { kind: "failed" }));
        }
      }
      if (!control.signal.aborted) timer = setTimeout(() => void look(), everyMs);
    };
    void look();
    return () => {
      control.abort();
      clearTimeout(timer);
    };
  }, [ask, asked, everyMs, isWanted]);
  const again = useCallback(() => setAsked((count) => count + 1), []);
  return { state, again };
};
