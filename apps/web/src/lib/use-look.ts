import { useCallback, useEffect, useState } from "react";

/** Something that is looked at, as far as it is known. */
export type Looked<A> = { readonly kind: "looking" | "failed" } | { readonly kind: "known"; readonly value: A };

export interface UseLook<A> {
  readonly state: Looked<A>;
  /** Looks now. */
  readonly again: () => void;
}

/** Looks at once and, while the page can be seen, after each `everyMs` (null: only when asked to), as long as it is wanted. */
export const useLook = <A>(
  ask: (signal: AbortSignal) => Promise<A>,
  everyMs: number | null,
  isWanted: boolean,
): UseLook<A> => {
  const [state, setState] = useState<Looked<A>>({ kind: "looking" });
  const [asked, setAsked] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever asks begins anew
  useEffect(() => {
    if (!isWanted) return;
    const control = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    const look = async () => {
      if (everyMs === null || document.visibilityState === "visible") {
        try {
          const value = await ask(control.signal);
          if (!control.signal.aborted) setState({ kind: "known", value });
        } catch {
          if (control.signal.aborted) return;
          // One missed look is no news where something is known.
          setState((now) => (now.kind === "known" ? now : { kind: "failed" }));
        }
      }
      if (everyMs !== null && !control.signal.aborted) timer = setTimeout(() => void look(), everyMs);
    };
    void look();
    return () => {
      control.abort();
      clearTimeout(timer);
    };
  }, [ask, asked, everyMs, isWanted]);
  const again = useCallback(() => {
    setState((now) => (now.kind === "failed" ? { kind: "looking" } : now));
    setAsked((count) => count + 1);
  }, []);
  return { state, again };
};
