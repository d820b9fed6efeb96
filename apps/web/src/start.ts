import { createStart } from "@tanstack/react-start";

/** The session lives in the browser, so routes render there; the server sends the document and its skeleton. */
export const startInstance = createStart(() => ({ defaultSsr: false, requestMiddleware: [] }));
