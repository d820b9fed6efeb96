/**
 * The emulator draws with `style` elements and `style` attributes. This page's policy refuses the elements unless they carry
 * the nonce of this load, and the attributes unless they are set as properties, which is all that differs here.
 */
const setAttribute = Element.prototype.setAttribute;

/** From now on a span's `style` attribute that a script sets is set as its property. */
export const setStylesAsProperties = (): void => {
  HTMLSpanElement.prototype.setAttribute = function (this: HTMLSpanElement, name: string, value: string): void {
    if (name === "style") this.style.cssText = value;
    else setAttribute.call(this, name, value);
  };
};

/** Runs that; `style` elements that it makes carry the nonce. */
export const withNonce = (nonce: string, run: () => void): void => {
  const createElement = document.createElement.bind(document);
  document.createElement = ((tag: string, options?: ElementCreationOptions) => {
    const element = createElement(tag, options);
    if (element instanceof HTMLStyleElement) element.nonce = nonce;
    return element;
  }) as typeof document.createElement;
  try {
    run();
  } finally {
    Reflect.deleteProperty(document, "createElement");
  }
};
