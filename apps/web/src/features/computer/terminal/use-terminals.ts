import type { Terminal } from "@threadbox/contracts/terminal";
import { showToast } from "@threadbox/ui/toast";
import { useCallback, useEffect, useState } from "react";
import { recall, remember } from "../../../lib/device-memory.ts";
import { errorText, WireFailure } from "../../errors/index.ts";
import type { TerminalApi } from "./terminal-api.ts";
import { neighbourOf, worthShowing } from "./terminal-list.ts";

type TerminalsState =
  | { readonly kind: "opening" | "open" }
  | { readonly kind: "failed"; readonly failure: WireFailure };

const asFailure = (error: unknown): WireFailure =>
  error instanceof WireFailure ? error : new WireFailure("SandboxUnavailable", "Can’t reach the sandbox service.");

const shownKey = (threadId: string) => `threadbox.terminal.${threadId}`;

/** The thread's terminals on this page. There is always one: the first is opened without being asked for. */
export const useTerminals = (threadId: string, api: TerminalApi, isWanted: boolean) => {
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
    const { tag, message, requestId } = asFailure(error);
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
        setState({ kind: "open" });
      },
      (error: unknown) => {
        if (isCurrent) setState({ kind: "failed", failure: asFailure(error) });
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [api, attempt, isWanted]);

  const open = useCallback(() => {
    api.open().then((terminal) => {
      setTerminals((known) => [...known, terminal]);
      show(terminal.id);
    }, fail);
  }, [api, show, fail]);

  /** Takes the place of one that has ended. */
  const startAgain = useCallback(
    (ended: string) => {
      api.open().then((terminal) => {
        setTerminals((known) => known.map((each) => (each.id === ended ? terminal : each)));
        show(terminal.id);
        void api.close(ended).catch(() => undefined);
      }, fail);
    },
    [api, show, fail],
  );

  const rename = useCallback(
    (id: string, title: string) => {
      const change = (to: string) =>
        setTerminals((known) => known.map((each) => (each.id === id ? { ...each, title: to } : each)));
      const before = terminals.find((each) => each.id === id)?.title ?? "";
      change(title);
      api.rename(id, title).catch((error: unknown) => {
        change(before);
        fail(error);
      });
    },
    [api, terminals, fail],
  );

  const close = useCallback(
    (id: string) => {
      api.close(id).then(() => {
        const next = neighbourOf(terminals, id);
        setTerminals((known) => known.filter((each) => each.id !== id));
        if (next !== null) show(next);
      }, fail);
    },
    [api, terminals, show, fail],
  );

  const front = terminals.find(({ id }) => id === shown)?.id ?? terminals.at(-1)?.id ?? null;
  const retry = useCallback(() => setAttempt((count) => count + 1), []);
  return { state, terminals, front, show, open, startAgain, rename, close, retry };
};
