import "@xterm/xterm/css/xterm.css";
import "./terminal.css";
import { Button, IconButton } from "@threadbox/ui/button";
import { CircleAlert, Ear, LoaderCircle, RotateCw, Search, SquareChevronRight, WifiOff } from "lucide-react";
import { useRef, useState } from "react";
import { recall, remember } from "../../../lib/device-memory.ts";
import { PanelWord } from "../../../lib/panel-word.tsx";
import { useOnline } from "../../../lib/use-online.ts";
import { errorText } from "../../errors/index.ts";
import { isUp, startSentence, useSandbox } from "../../sandbox/index.ts";
import { PanelActions } from "../panel-actions.tsx";
import type { ComputerTabProps } from "../tab-props.ts";
import { SessionRow } from "./session-row.tsx";
import { useTerminalApi } from "./terminal-api.ts";
import { terminalTexts } from "./terminal-texts.ts";
import { TerminalView } from "./terminal-view.tsx";
import { useTerminals } from "./use-terminals.ts";

const screenReaderKey = "threadbox.screen-reader";

/** Shells in the thread's sandbox. */
export function TerminalTab({ threadId, isShown }: ComputerTabProps) {
  const api = useTerminalApi(threadId);
  const isOnline = useOnline();
  const sandbox = useSandbox(threadId) ?? null;
  const generation = sandbox !== null && isUp(sandbox) ? sandbox.generation : null;
  const { state, terminals, front, show, open, startAgain, rename, close, retry, noteEnd } = useTerminals(
    threadId,
    api,
    { isOnline, isShown, generation },
  );
  const [hasScreenReader, setHasScreenReader] = useState(() => recall(screenReaderKey) === "on");
  const [isSearching, setIsSearching] = useState(false);
  const body = useRef<HTMLDivElement>(null);
  const focusWish = useRef(false);
  const withFocus =
    <A extends unknown[]>(act: (...given: A) => void) =>
    (...given: A) => {
      focusWish.current = true;
      act(...given);
    };
  const [seen, setSeen] = useState<readonly string[]>([]);
  if (front !== null && !seen.includes(front)) setSeen([...seen, front]);

  if (state.kind === "failed") {
    return (
      <PanelWord icon={<CircleAlert />}>
        <p role="alert">
          {terminalTexts.failed} {errorText(state.failure.tag, state.failure).text}
        </p>
        <Button onClick={retry}>
          <RotateCw /> {terminalTexts.retry}
        </Button>
      </PanelWord>
    );
  }
  if (state.kind === "opening") {
    if (!isOnline) return <PanelWord icon={<WifiOff />}>{terminalTexts.offline}</PanelWord>;
    return (
      <PanelWord icon={<LoaderCircle className="animate-turn" />}>
        <p role="status">{sandbox?.status === "starting" ? startSentence(sandbox) : terminalTexts.opening}</p>
      </PanelWord>
    );
  }
  const toggleScreenReader = () => {
    remember(screenReaderKey, hasScreenReader ? null : "on");
    setHasScreenReader(!hasScreenReader);
  };
  return (
    <>
      {isShown ? (
        <PanelActions>
          <IconButton
            label={terminalTexts.search}
            icon={<Search />}
            size="sm"
            tooltipSide="bottom"
            aria-pressed={isSearching}
            onClick={() => setIsSearching(!isSearching)}
          />
          <IconButton
            label={terminalTexts.screenReader}
            icon={<Ear />}
            size="sm"
            tooltipSide="bottom"
            aria-pressed={hasScreenReader}
            onClick={toggleScreenReader}
          />
        </PanelActions>
      ) : null}
      <div ref={body} className="terminal-tab">
        <SessionRow
          terminals={terminals}
          shown={front}
          onShow={withFocus(show)}
          onOpen={withFocus(open)}
          onRename={rename}
          onClose={close}
        />
        {terminals.length === 0 ? (
          <PanelWord icon={<SquareChevronRight />}>
            <p>{terminalTexts.none}</p>
            <Button onClick={withFocus(open)}>{terminalTexts.open}</Button>
          </PanelWord>
        ) : null}
        {terminals
          .filter(({ id }) => seen.includes(id))
          .map(({ id }) => (
            <TerminalView
              key={id}
              id={id}
              api={api}
              isShown={isShown && id === front}
              hasScreenReader={hasScreenReader}
              isSearching={isSearching && id === front}
              onSearch={setIsSearching}
              focusWish={focusWish}
              onEnd={() => noteEnd(id)}
              onStartAgain={withFocus(() => startAgain(id))}
              onLeave={() => body.current?.querySelector<HTMLElement>("[aria-current]")?.focus()}
            />
          ))}
      </div>
    </>
  );
}
