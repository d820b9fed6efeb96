type Find = () => HTMLElement | null | undefined;

export const messageBox: Find = () => document.getElementById("message");
export const pageHeading: Find = () => document.querySelector<HTMLElement>("h1");

/** A heading takes the focus only from here, never from Tab. */
const focusOn = (element: HTMLElement): void => {
  if (element.tabIndex < 0 && !element.hasAttribute("tabindex")) element.tabIndex = -1;
  element.focus();
};

/** A menu that closes hands the focus back to a row that is about to go: about a second. */
const framesMax = 60;

/**
 * Gives the focus to the first of these that is on the page, then to the message box or the page's heading, once what
 * has it has gone. Whoever moved it elsewhere meanwhile keeps it.
 */
export const keepFocus = (...places: readonly Find[]): void => {
  const look = (frames: number): void =>
    void requestAnimationFrame(() => {
      const { activeElement } = document;
      if (activeElement !== null && activeElement !== document.body) return frames > 0 ? look(frames - 1) : undefined;
      for (const find of [...places, messageBox, pageHeading]) {
        const element = find();
        if (element !== null && element !== undefined) return focusOn(element);
      }
    });
  look(framesMax);
};
