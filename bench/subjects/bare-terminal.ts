/** The floor of terminals: the same emulator, one WebSocket and a PTY, outside any sandbox. Its page acknowledges as xterm.js advises. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { WebSocketServer } from "ws";
import { root } from "../../scripts/bootstrap.mjs";
import { listenAndTell } from "./listen.ts";

const helper = join(root, "apps/sandbox-host/src/engines/local/inside/terminals/pty");
const windowBytes = 1024 * 1024;
const emulator = fileURLToPath(import.meta.resolve("@xterm/xterm"));

const page = `<!doctype html><meta charset="utf-8"><title>Bare terminal</title>
<link rel="stylesheet" href="/xterm.css"><script src="/xterm.js"></script>
<body><div class="terminal-view"><div id="screen" class="xterm-screen-place"></div></div><script>
const size = new URLSearchParams(location.search);
const [cols, rows] = [Number(size.get("columns")), Number(size.get("rows"))];
const terminal = new Terminal({ cols, rows, scrollback: 5000, fontFamily: "monospace", fontSize: 13, lineHeight: 1.25, minimumContrastRatio: 4.5 });
terminal.open(document.getElementById("screen"));
const socket = new WebSocket(location.href.replace("http", "ws"));
socket.binaryType = "arraybuffer";
terminal.onData((text) => socket.send(JSON.stringify({ text })));
let drawn = 0, told = 0;
socket.onmessage = ({ data }) => terminal.write(new Uint8Array(data), () => {
  drawn += data.byteLength;
  if (drawn - told >= 262144) socket.send(JSON.stringify({ taken: told = drawn }));
});
</script>`;

const files: Readonly<Record<string, readonly [string, string]>> = {
  "/": ["text/html", page],
  "/xterm.js": ["text/javascript", readFileSync(emulator, "utf8")],
  "/xterm.css": ["text/css", readFileSync(join(emulator, "../../css/xterm.css"), "utf8")],
};

const server = createServer(({ url = "/" }, response) => {
  const [kind, text] = files[url.split("?")[0] ?? ""] ?? ["text/plain", ""];
  response.writeHead(200, { "content-type": kind });
  response.end(text);
});
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on("connection", (socket, { url = "/" }) => {
  const size = new URL(url, "http://bare").searchParams;
  const argv = [size.get("columns") ?? "80", size.get("rows") ?? "24", "/bin/bash", "--norc"];
  const env = { PATH: "/usr/bin:/bin", TERM: "xterm-256color", PS1: "$ " };
  const shell = spawn(helper, argv, { cwd: tmpdir(), env, stdio: ["pipe", "pipe", "ignore", "pipe"] });
  let [sent, taken] = [0, 0];
  shell.stdout?.on("data", (piece: Buffer) => {
    socket.send(piece);
    sent += piece.length;
    if (sent - taken >= windowBytes) shell.stdout?.pause();
  });
  socket.on("message", (data) => {
    const said = JSON.parse(String(data)) as { readonly text?: string; readonly taken?: number };
    if (said.text !== undefined) shell.stdin?.write(said.text);
    taken = said.taken ?? taken;
    if (sent - taken < windowBytes) shell.stdout?.resume();
  });
  socket.on("close", () => shell.kill("SIGKILL"));
});
await listenAndTell(server);
