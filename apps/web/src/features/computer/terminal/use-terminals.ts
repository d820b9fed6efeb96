import type { Terminal } from "@threadbox/contracts/terminal";
import { showToast } from "@threadbox/ui/toast";
import { useCallback, useEffect, useRef, useState } from "react";
import { recall, remember } from "../../../lib/device-memory.ts";
import { useLook } from "../../../lib/use-look.ts";
import { asSandboxFailure, errorText, type WireFailure } from "../../errors/index.ts";
import type { TerminalApi } from "./terminal-api.ts";
import { inStep, neighbourOf, worthShowing } from "./terminal-list.ts";

type TerminalsState =
  | { readonly kind: "opening" | "open" }
  | { readonly kind: "failed"; readonly failure: WireFailure };

const followMs = 1_500;

/** What a page of terminals is told of where it stands. */
export interface TerminalsPlace {
  readonly isOnline: boolean;
  readonly isShown: boolean;
  /** Of the sandbox that runs; null while none does. */
  readonly generation: number | null;
}

const shownKey = (threadId: string) => `threadbox.terminal.${threadId}`;

/** The thread's terminals on this page. There is always one: the first is opened without being asked for. */
export const useTerminals = (threadId: string, api: TerminalApi, place: TerminalsPlace) => {
  const { isOnline: isWanted, isShown, generation } = place;
  const [state, setState] = useState<TerminalsState>({ kind: "opening" });
  const [terminals, setTerminals] = useState<readonly Terminal[]>([]);
  const [shown, setShown] = useState<string | null>(() => recall(shownKey(threadId)));
  const [attempt, setAttempt] = useState(0);

  const show = useCallback(
    (id: string) => {
      remember(shownKey(threadId), id);
      setShown(id);
    },
    [threadId],
  );
  const fail = useCallback((error: unknown) => {
    const { tag, message, requestId } = asSandboxFailure(error);
    showToast({ title: errorText(tag, { message, requestId }).text });
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt looks anew
  useEffect(() => {
    if (!isWanted || state.kind === "open") return;
    let isCurrent = true;
    setState({ kind: "opening" });
    const load = async () => {
      const found = worthShowing(await api.list());
      return found.length > 0 ? found : [await api.open()];
    };
    load().then(
      (found) => {
        if (!isCurrent) return;
        setTerminals(found);
        // What another page opens later stays behind this one.
        setShown((id) => (found.some((each) => each.id === id) ? id : (found.at(-1)?.id ?? null)));
        setState({ kind: "open" });
      },
      (error: unknown) => {
        if (isCurrent) setState({ kind: "failed", failure: asSandboxFailure(error) });
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [api, attempt, isWanted]);

  /** Those whose shell has ended on this page, in which start each was first seen, and who was missing at the last look. */
  const ended = useRef(new Set<string>());
  const bornIn = useRef(new Map<string, number>());
  const missing = useRef(new Set<string>());
  const noteEnd = useCallback((id: string) => void ended.current.add(id), []);
  /** Grows with what this page itself opens and closes: a look that was begun before says nothing of that. */
  const changes = useRef(0);
  const change = useCallback(<A>(work: Promise<A>): Promise<A> => {
    changes.current += 1;
    return work.finally(() => {
      changes.current += 1;
    });
  }, []);
  const look = useCallback(async () => {
    const since = changes.current;
    return { since, terminals: await api.list() };
  }, [api]);
  const isFollowing = isWanted && isShown && state.kind === "open" && generation !== null;
  const { state: listed } = useLook(look, followMs, isFollowing);
  useEffect(() => {
    if (listed.kind !== "known" || generation === null || listed.value.since !== changes.current) return;
    const { terminals: found } = listed.value;
    const wasMissing = missing.current;
    setTerminals((known) => {
      for (const { id } of known) if (!bornIn.current.has(id)) bornIn.current.set(id, generation);
      missing.current = new Set(known.map(({ id }) => id).filter((id) => !found.some((each) => each.id === id)));
      // A terminal of an earlier start is gone with that, and its screen says so; what its shell said last may be on its way.
      const isKept = (id: string) =>
        ended.current.has(id) || bornIn.current.get(id) !== generation || !wasMissing.has(id);
      return inStep(known, found, isKept);
    });
  }, [listed, generation]);

  const open = useCallback(() => {
    change(api.open()).then((terminal) => {
      setTerminals((known) => [...known, terminal]);
      show(terminal.id);
    }, fail);
  }, [api, change, show, fail]);

  /** Takes the place of one that has ended. */
  const startAgain = useCallback(
    (ended: string) => {
      change(api.open()).then((terminal) => {
        setTerminals((known) => known.map((each) => (each.id === ended ? terminal : each)));
        show(terminal.id);
        void change(api.close(ended)).catch(() => undefined);
      }, fail);
    },
    [api, change, show, fail],
  );

  const rename = useCallback(
    (id: string, title: string) => {
      const call = (to: string) =>
        setTerminals((known) => known.map((each) => (each.id === id ? { ...each, title: to } : each)));
      const before = terminals.find((each) => each.id === id)?.title ?? "";
      call(title);
      change(api.rename(id, title)).catch((error: unknown) => {
        call(before);
        fail(error);
      });
    },
    [api, change, terminals, fail],
  );

  const close = useCallback(
    (id: string) => {
      change(api.close(id)).then(() => {
        const next = neighbourOf(terminals, id);
        setTerminals((known) => known.filter((each) => each.id !== id));
        if (next !== null) show(next);
      }, fail);
    },
    [api, change, terminals, show, fail],
  );

  const front = terminals.find(({ id }) => id === shown)?.id ?? terminals.at(-1)?.id ?? null;
  const retry = useCallback(() => setAttempt((count) => count + 1), []);
  return { state, terminals, front, show, open, startAgain, rename, close, retry, noteEnd };
};
