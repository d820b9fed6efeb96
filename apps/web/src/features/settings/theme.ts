import { recall, remember } from "../../lib/device-memory.ts";

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

const storageKey = "threadbox.theme";

const isTheme = (value: unknown): value is Theme => themes.some((theme) => theme === value);

export const readTheme = (): Theme => {
  const stored = recall(storageKey);
  return isTheme(stored) ? stored : "system";
};

/** Without the attribute the page follows the system's colour scheme. */
export const applyTheme = (theme: Theme): void => {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
};

export const writeTheme = (theme: Theme): void => {
  remember(storageKey, theme);
  applyTheme(theme);
};

/** Runs in the document's head before anything is painted, so that a chosen theme never flashes the other one. */
export const themeScript = `try{var t=localStorage.getItem(${JSON.stringify(storageKey)});if(t==="light"||t==="dark")document.documentElement.dataset.theme=t}catch(e){}`;
