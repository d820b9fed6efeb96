import type { ITheme } from "@xterm/xterm";

/** Colours of the emulator, and the variables of terminal.css that hold them. */
const variables = {
  background: "--color-canvas",
  foreground: "--color-ink",
  cursor: "--color-accent",
  cursorAccent: "--color-canvas",
  selectionBackground: "--terminal-selection",
  scrollbarSliderBackground: "--terminal-slider",
  scrollbarSliderHoverBackground: "--color-line-strong",
  scrollbarSliderActiveBackground: "--color-line-strong",
  black: "--terminal-black",
  red: "--terminal-red",
  green: "--terminal-green",
  yellow: "--terminal-yellow",
  blue: "--terminal-blue",
  magenta: "--terminal-magenta",
  cyan: "--terminal-cyan",
  white: "--terminal-white",
  brightBlack: "--terminal-bright-black",
  brightRed: "--terminal-red",
  brightGreen: "--terminal-green",
  brightYellow: "--terminal-yellow",
  brightBlue: "--terminal-blue",
  brightMagenta: "--terminal-magenta",
  brightCyan: "--terminal-cyan",
  brightWhite: "--terminal-bright-white",
} as const satisfies Partial<Record<keyof ITheme, string>>;

/** The app's colours as they are at this place now, in a form that a canvas understands. */
export const readTheme = (place: HTMLElement): ITheme => {
  const probe = document.createElement("i");
  probe.hidden = true;
  place.append(probe);
  const read = (variable: string): string => {
    probe.style.color = `var(${variable})`;
    return getComputedStyle(probe).color;
  };
  const theme = Object.fromEntries(Object.entries(variables).map(([name, variable]) => [name, read(variable)]));
  probe.remove();
  return theme;
};

/** Calls back whenever the page's colours have changed; the answer ends that. */
export const onThemeChange = (changed: () => void): (() => void) => {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  system.addEventListener("change", changed);
  return () => {
    observer.disconnect();
    system.removeEventListener("change", changed);
  };
};
