/** Fulfilled once what is drawn at the moment has been painted; soon in any case, as a page in the background paints nothing. */
export const afterPaint = (): Promise<void> =>
  new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, 1_000);
  });
