import { previewPage } from "@threadbox/contracts/preview-links";
import { viewOrigin } from "@threadbox/contracts/views";
import { html, raw } from "hono/html";
import { newSecretText } from "../../platform/ids.ts";

const style = `
  :root { color-scheme: light dark; --line: #d9d9de; --muted: #63636b; --bar: #f6f6f8; }
  @media (prefers-color-scheme: dark) { :root { --line: #37373d; --muted: #a3a3ad; --bar: #1d1d21; } }
  * { box-sizing: border-box; }
  body { margin: 0; height: 100dvh; background: Canvas; color: CanvasText; display: flex; flex-direction: column; font: 14px/1.5 system-ui, sans-serif; }
  header { display: flex; flex-wrap: wrap; gap: 0 12px; padding: 7px 14px; border-bottom: 1px solid var(--line); background: var(--bar); }
  header span { color: var(--muted); }
  header span:last-child { margin-left: auto; }
  iframe { flex: 1; min-height: 0; width: 100%; border: 0; }
  main { flex: 1; display: grid; place-content: center; justify-items: center; padding: 24px; text-align: center; }
  main p { margin: 0 0 16px; max-width: 26rem; text-wrap: balance; }
  main button { font: inherit; padding: 6px 14px; }
  [hidden] { display: none; }
`;

/** What the page's script is told of this installation. */
const settings = {
  openPath: previewPage.openPath,
  lookPath: previewPage.lookPath,
  renewPath: viewOrigin.renewPath,
  lookMs: previewPage.lookSeconds * 1000,
  renewMs: viewOrigin.renewSeconds * 1000,
};

/**
 * Opens what is shared, looks how it stands while the page is seen, and says in words when it is gone. Written for browsers
 * as it is: it is not built.
 */
const script = `
const settings = ${JSON.stringify(settings)};
const link = location.hash.slice(1);
const [bar, port, until, words, sentence, again] =
  ["bar", "port", "until", "words", "sentence", "again"].map((id) => document.getElementById(id));
const gone = "This link doesn’t work. Ask whoever sent it to you for a new one.";
const unreachable = "Can’t reach this page’s server. Trying again…";
let shown = null;
let timer;

const ask = async (path) => {
  const response = await fetch(path, {
    method: "POST",
    credentials: "omit",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ link }),
  });
  const answer = await response.json();
  return response.ok ? answer : { refusal: answer.error };
};
const frameOf = (src) => {
  const frame = document.createElement("iframe");
  frame.src = src;
  frame.referrerPolicy = "no-referrer";
  return frame;
};
const say = (text, isFinal) => {
  shown?.frame.remove();
  shown = null;
  bar.hidden = true;
  words.hidden = false;
  sentence.textContent = text;
  again.hidden = isFinal;
};
const show = (opened) => {
  const frame = frameOf(opened.url);
  frame.title = "What listens on port " + opened.port;
  frame.sandbox = "allow-scripts allow-same-origin allow-forms allow-downloads allow-modals";
  frame.allow = "";
  shown?.frame.remove();
  shown = { frame, generation: opened.generation, renewedAt: Date.now() };
  words.hidden = true;
  bar.hidden = false;
  port.textContent = "Port " + opened.port + " of a Threadbox sandbox";
  until.textContent = "Link ends " + new Date(opened.expiresAt).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
  document.body.append(frame);
};
const renew = (opened) => {
  const url = new URL(opened.url);
  url.pathname = settings.renewPath;
  const frame = frameOf(url.href);
  frame.hidden = true;
  frame.sandbox = "allow-same-origin";
  frame.onload = () => frame.remove();
  document.body.append(frame);
  shown.renewedAt = Date.now();
};
const look = async () => {
  clearTimeout(timer);
  let isFinal = false;
  try {
    const isDue = shown !== null && Date.now() - shown.renewedAt >= settings.renewMs;
    const isOpening = shown === null || isDue;
    let sight = await ask(isOpening ? settings.openPath : settings.lookPath);
    if (sight.refusal === undefined && shown !== null && sight.generation !== shown.generation) {
      shown.frame.remove();
      shown = null;
      if (!isOpening) sight = await ask(settings.openPath);
    }
    if (sight.refusal !== undefined) {
      isFinal = !sight.refusal.retryable;
      if (shown === null || sight.refusal._tag !== "RateLimited") say(sight.refusal.message, isFinal);
    } else if (shown === null) show(sight);
    else if (isDue) renew(sight);
  } catch {
    if (shown === null) say(unreachable, false);
  }
  if (!isFinal) timer = setTimeout(look, settings.lookMs);
};
again.onclick = look;
onhashchange = () => location.reload();
if (link === "") say(gone, true);
else look();
`;

/**
 * The page that a preview link opens. What the sandbox serves comes in a frame of its own origin, under a bar of ours that
 * says what it is; the link's seal stays in the fragment.
 */
export const visitorsPage = (viewBaseOrigin: string): Response => {
  const nonce = newSecretText(16);
  const { protocol, host } = new URL(viewBaseOrigin);
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    `frame-src ${protocol}//*.${host}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
  const body = html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Shared preview</title>
<style nonce="${nonce}">${raw(style)}</style>
<header id="bar" hidden><strong id="port"></strong><span>Made by a program: don’t enter a password here.</span><span id="until"></span></header>
<main id="words"><p id="sentence" role="status">Opening…</p><button id="again" type="button" hidden>Try again</button></main>
<script nonce="${nonce}">${raw(script)}</script>
</html>
`;
  return new Response(String(body), {
    headers: {
      "cache-control": "no-store",
      "content-security-policy": policy,
      "content-type": "text/html; charset=utf-8",
      "cross-origin-opener-policy": "same-origin",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "x-robots-tag": "noindex",
    },
  });
};
