import { useRouter } from "@tanstack/react-router";
import { Button } from "@threadbox/ui/button";
import { RotateCw } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useOnline } from "../../../lib/use-online.ts";
import { errorText } from "../../errors/index.ts";
import { LinkQuestion } from "./link-question.tsx";
import { makeScreen, type Screen } from "./screen.ts";
import { SearchBar } from "./search-bar.tsx";
import type { TerminalApi } from "./terminal-api.ts";
import { type LineState, TerminalConnection } from "./terminal-connection.ts";
import { terminalTexts } from "./terminal-texts.ts";

export interface TerminalViewProps {
  readonly id: string;
  readonly api: TerminalApi;
  /** Others stay as they are behind the one that is shown. */
  readonly isShown: boolean;
  /** Whether it takes the keyboard when it is next shown: only where somebody asked for it. Read once, then false again. */
  readonly focusWish: { current: boolean };
  readonly hasScreenReader: boolean;
  readonly isSearching: boolean;
  readonly onSearch: (isOn: boolean) => void;
  /** Its shell has ended by itself; the terminal stays to say so. */
  readonly onEnd: () => void;
  readonly onStartAgain: () => void;
  readonly onLeave: () => void;
}

/** What stands below the screen; null while all is well. */
const wordOf = (state: LineState, isOnline: boolean): string | null => {
  switch (state.kind) {
    case "open":
      return null;
    case "connecting":
      return terminalTexts.connecting;
    case "reconnecting":
      return isOnline ? terminalTexts.reconnecting : terminalTexts.offline;
    case "ended":
      return terminalTexts.ended(state.exitCode);
    case "gone":
      return terminalTexts.gone;
    case "refused":
      return `${terminalTexts.refused} ${errorText(state.failure.tag, state.failure).text}`;
  }
};

/** One terminal: its screen, and how it stands. */
export function TerminalView(props: TerminalViewProps) {
  const { id, api, isShown, focusWish, hasScreenReader, isSearching, onSearch, onEnd, onStartAgain, onLeave } = props;
  const { nonce = "" } = useRouter().options.ssr ?? {};
  const place = useRef<HTMLDivElement>(null);
  const [screen, setScreen] = useState<Screen | null>(null);
  const [state, setState] = useState<LineState>({ kind: "connecting" });
  const [link, setLink] = useState<string | null>(null);
  const word = wordOf(state, useOnline());
  const isOver = state.kind === "ended" || state.kind === "gone" || state.kind === "refused";
  const act = useRef({ onSearch, onEnd, onLeave, hasScreenReader });
  useEffect(() => {
    act.current = { onSearch, onEnd, onLeave, hasScreenReader };
  });

  useEffect(() => {
    if (place.current === null) return;
    let connection: TerminalConnection | null = null;
    const made = makeScreen({
      place: place.current,
      nonce,
      hasScreenReader: act.current.hasScreenReader,
      onInput: (text) => connection?.input(text),
      onSize: (size) => connection?.resize(size),
      onLink: setLink,
      onSearch: () => act.current.onSearch(true),
      onLeave: () => act.current.onLeave(),
    });
    const line = new TerminalConnection({
      address: (position) => api.address(id, position),
      forgetToken: api.forgetToken,
      probe: async () => (await api.list()).find((terminal) => terminal.id === id) ?? null,
      sink: made,
      onState: (now) => {
        // A shell that was closed elsewhere says no code.
        if (now.kind === "ended" && now.exitCode !== null) act.current.onEnd();
        setState(now);
      },
    });
    connection = line;
    line.resize(made.size);
    const retry = () => line.retryNow();
    window.addEventListener("online", retry);
    line.start();
    setScreen(made);
    return () => {
      window.removeEventListener("online", retry);
      line.stop();
      made.dispose();
    };
  }, [id, api, nonce]);

  useEffect(() => screen?.setScreenReader(hasScreenReader), [screen, hasScreenReader]);
  useEffect(() => {
    if (!isShown || screen === null || !focusWish.current) return;
    focusWish.current = false;
    screen.focus();
  }, [screen, isShown, focusWish]);

  return (
    <div hidden={!isShown} className="terminal-view">
      {isSearching ? <SearchBar screen={screen} onClose={() => onSearch(false)} /> : null}
      <div ref={place} className="terminal-screen" />
      {word === null ? null : (
        <div className="terminal-word" data-over={isOver ? "" : undefined}>
          <p role={isOver ? "alert" : "status"} className="min-w-0 flex-1">
            {word}
          </p>
          {isOver ? (
            <Button size="sm" onClick={onStartAgain}>
              <RotateCw /> {terminalTexts.startAgain}
            </Button>
          ) : null}
        </div>
      )}
      <LinkQuestion href={link} onDone={() => setLink(null)} />
    </div>
  );
}
