import { viewEndedMessage } from "@threadbox/contracts/views";
import { html, raw } from "hono/html";
import { viewHeaders } from "./rules.ts";

const style = `
  :root { color-scheme: light dark; }
  body { margin: 0; min-height: 100dvh; background: Canvas; color: CanvasText; display: grid; place-items: center; font: 15px/1.5 system-ui, sans-serif; }
  main { max-width: 26rem; padding: 2rem; text-align: center; }
  p { margin: 0 0 1rem; }
`;

export interface EndedPage {
  readonly sentence: string;
  readonly status: number;
  readonly appOrigin: string;
  /** Origins that may show it in a frame, separated by spaces. */
  readonly framedBy: string;
  /** Whether the page around it is told that the view has ended. */
  readonly tells: boolean;
  /** Whether there is a page around it: nothing leads out of a frame, so no way is offered. */
  readonly isFramed: boolean;
}

/** A page in words for a person who opens a view that is not open, or not any more, or shows nothing at the moment. */
export const endedPage = ({ sentence, status, appOrigin, framedBy, tells, isFramed }: EndedPage): Response => {
  const call = `parent.postMessage(${JSON.stringify({ type: viewEndedMessage })}, ${JSON.stringify(appOrigin)});`;
  const body = html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Threadbox</title>
<style>${raw(style)}</style>
<main><p>${sentence}</p>${isFramed ? "" : html`<p><a href="${appOrigin}/">Open Threadbox</a></p>`}</main>
${tells ? raw(`<script>${call}</script>`) : ""}
</html>
`;
  const headers = {
    ...viewHeaders(framedBy),
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
  };
  return new Response(String(body), { status, headers });
};
