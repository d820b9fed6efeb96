import type { TerminalSize } from "@threadbox/contracts/terminal";
import { terminalLimits } from "@threadbox/contracts/terminal-limits";
import { FitAddon } from "@xterm/addon-fit";
import { SearchAddon } from "@xterm/addon-search";
import { WebLinksAddon } from "@xterm/addon-web-links";
import { Terminal } from "@xterm/xterm";
import { sizeText } from "../../../lib/size.ts";
import { setStylesAsProperties, withNonce } from "./style-nonce.ts";
import type { Sink } from "./terminal-connection.ts";
import { terminalTexts } from "./terminal-texts.ts";
import { onThemeChange, readTheme } from "./terminal-theme.ts";
import { webLink } from "./web-link.ts";

export interface ScreenOptions {
  readonly place: HTMLElement;
  /** Of this page load: what is drawn needs it. */
  readonly nonce: string;
  readonly hasScreenReader: boolean;
  readonly onInput: (text: string) => void;
  readonly onSize: (size: TerminalSize) => void;
  /** Somebody wants to follow this link of a program's. */
  readonly onLink: (href: string) => void;
  readonly onSearch: () => void;
  /** The keyboard is to go on outside. */
  readonly onLeave: () => void;
}

export interface Screen extends Sink {
  readonly size: TerminalSize;
  focus(): void;
  setScreenReader(isOn: boolean): void;
  /** False where there is no match. */
  search(text: string, direction: "next" | "previous"): boolean;
  endSearch(): void;
  dispose(): void;
}

const scrollbackLines = 5_000;
/** Ends whatever sequence of the emulator's was cut in the middle. */
const cancel = "\u0018";
const dim = (text: string) => `${cancel}\r\n\u001b[0;2m… ${text} …\u001b[0m\r\n`;

const isCoarse = (): boolean => matchMedia("(pointer: coarse)").matches;

/** The keys that do not go to the shell; true: it is done with here. */
const handleKey = (event: KeyboardEvent, terminal: Terminal, { onLeave, onSearch }: ScreenOptions): boolean => {
  if (event.type !== "keydown") return false;
  const key = event.key.toLowerCase();
  if (key === "escape" && event.shiftKey) onLeave();
  else if (key === "f" && event.shiftKey && (event.ctrlKey || event.metaKey)) onSearch();
  else if (key === "c" && event.shiftKey && event.ctrlKey) {
    void navigator.clipboard.writeText(terminal.getSelection()).catch(() => undefined);
  } else return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
};

/** An emulator on the page. Titles, clipboard sequences, bells and windows of a program's do nothing here. */
export const makeScreen = (options: ScreenOptions): Screen => {
  const { place, nonce, onInput, onSize, onLink } = options;
  const follow = (event: MouseEvent, text: string) => {
    const href = webLink(text);
    if (href !== null && (event.ctrlKey || event.metaKey || isCoarse())) onLink(href);
  };
  const terminal = new Terminal({
    scrollback: scrollbackLines,
    fontFamily: getComputedStyle(place).fontFamily,
    fontSize: 13,
    lineHeight: 1.25,
    cursorBlink: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    minimumContrastRatio: 4.5,
    macOptionIsMeta: true,
    screenReaderMode: options.hasScreenReader,
    theme: readTheme(place),
    linkHandler: { activate: follow },
  });
  const fit = new FitAddon();
  const search = new SearchAddon();
  for (const addon of [fit, search, new WebLinksAddon(follow)]) terminal.loadAddon(addon);
  setStylesAsProperties();
  withNonce(nonce, () => terminal.open(place));
  terminal.textarea?.setAttribute("aria-label", terminalTexts.input);
  terminal.attachCustomKeyEventHandler((event) => {
    // The browser pastes by itself; to the shell this would be Ctrl-V.
    if (event.key.toLowerCase() === "v" && event.shiftKey && event.ctrlKey) return false;
    return !handleKey(event, terminal, options);
  });
  terminal.onData(onInput);
  terminal.onBinary(onInput);

  const resize = () => {
    if (place.offsetWidth === 0) return;
    const size = fit.proposeDimensions();
    if (size === undefined || Number.isNaN(size.cols) || Number.isNaN(size.rows)) return;
    const columns = Math.min(size.cols, terminalLimits.columnsMax);
    const rows = Math.min(size.rows, terminalLimits.rowsMax);
    if (columns !== terminal.cols || rows !== terminal.rows) terminal.resize(columns, rows);
  };
  terminal.onResize(({ cols, rows }) => onSize({ columns: cols, rows }));
  const observer = new ResizeObserver(resize);
  observer.observe(place);
  resize();
  const endTheme = onThemeChange(() => {
    terminal.options.theme = readTheme(place);
  });
  // The font may come later than the terminal; its width is measured again then.
  void document.fonts.ready.then(() => {
    terminal.options.fontFamily = getComputedStyle(place).fontFamily;
    resize();
  });

  return {
    get size() {
      return { columns: terminal.cols, rows: terminal.rows };
    },
    write: (output, drawn) => terminal.write(output, drawn),
    skip: (count) => terminal.write(dim(terminalTexts.skipped(sizeText(count)))),
    clear: () => terminal.reset(),
    focus: () => terminal.focus(),
    setScreenReader: (isOn) => {
      terminal.options.screenReaderMode = isOn;
    },
    search: (text, direction) => (direction === "next" ? search.findNext(text) : search.findPrevious(text)),
    endSearch: () => {
      search.clearDecorations();
      terminal.clearSelection();
      terminal.focus();
    },
    dispose: () => {
      endTheme();
      observer.disconnect();
      terminal.dispose();
    },
  };
};
