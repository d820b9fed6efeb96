/** A program that tries to reach what it must not, and how that ends. */
export interface Escape {
  readonly name: string;
  readonly program: string;
  /** What it is told in the error, or what it finds. */
  readonly ends: { readonly threw: RegExp } | { readonly returned: unknown };
}

const noNetwork = { threw: /not permitted to access the internet/ };
const noModule = { threw: /No such module/ };
const noCode = { threw: /disallowed/ };
const noTool = { threw: /not found|is not a function/ };

/** `PORT`: that of the machine itself, which listens. */
export const escapes: readonly Escape[] = [
  { name: "fetch", program: "async () => (await fetch('http://127.0.0.1:PORT/health')).status", ends: noNetwork },
  {
    name: "fetch of a public host",
    program: "async () => (await fetch('https://example.com/')).status",
    ends: noNetwork,
  },
  { name: "a WebSocket", program: "async () => new WebSocket('ws://127.0.0.1:PORT/run')", ends: noNetwork },
  {
    name: "a socket",
    program:
      "async () => { const { connect } = await import('cloudflare:sockets'); await connect('127.0.0.1:PORT').opened; }",
    ends: noNetwork,
  },
  { name: "files of the machine", program: "async () => (await import('node:fs')).readdirSync('/')", ends: noModule },
  { name: "programs of the machine", program: "async () => import('node:child_process')", ends: noModule },
  { name: "a module of the web", program: "async () => import('https://example.com/x.js')", ends: noModule },
  { name: "the environment", program: "async () => process.env ?? {}", ends: { returned: {} } },
  {
    name: "bindings",
    program: "async () => Object.keys((await import('cloudflare:workers')).env)",
    ends: { returned: [] },
  },
  { name: "eval", program: "async () => eval('1')", ends: noCode },
  {
    name: "the constructor of functions",
    program: "async () => (() => {}).constructor('return process')()",
    ends: noCode,
  },
  {
    name: "WebAssembly",
    program: "async () => new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))",
    ends: noCode,
  },
  { name: "a tool that is none", program: "async () => workspace.erase({})", ends: noTool },
  {
    name: "a tool of another namespace",
    program: "async () => secrets.read({})",
    ends: { threw: /secrets is not defined/ },
  },
  { name: "the constructor of tools", program: "async () => workspace.constructor({})", ends: noTool },
  {
    name: "the constructor of what it is called with",
    program: "async (input = {}) => input.constructor.constructor('return 1')()",
    ends: noCode,
  },
  { name: "what tools inherit", program: "async () => workspace.__defineGetter__('read', () => 1)", ends: noTool },
  { name: "the prototype of tools", program: "async () => workspace.__proto__({})", ends: noTool },
  {
    name: "a cache that others share",
    program: "async () => { await caches.open('x'); await caches.default.match('http://x/'); }",
    ends: { threw: /./ },
  },
  {
    name: "a clock that is finer than a thousandth of a second",
    program:
      "async () => { const seen = new Set(); for (let at = 0; at < 1e5; at += 1) seen.add(performance.now() % 1); return [...seen]; }",
    ends: { returned: [0] },
  },
  {
    name: "a thread that counts in shared memory",
    program: "async () => [typeof Worker, typeof SharedWorker]",
    ends: { returned: ["undefined", "undefined"] },
  },
  { name: "something that is no error", program: "async () => { throw 'words' }", ends: { threw: /^words$/ } },
  {
    name: "something without words",
    program: "async () => { throw { toString() { throw 1 } } }",
    ends: { threw: /no words/ },
  },
  {
    name: "an error that is a trap",
    program: "async () => { throw { get message() { throw 1 } } }",
    ends: { threw: /no words/ },
  },
  { name: "a text that is no program", program: "not a program (", ends: { threw: /SyntaxError/ } },
  {
    name: "a way out of the wrapper",
    program: "})(), await fetch('http://127.0.0.1:PORT/'), (async () => {",
    ends: noNetwork,
  },
];
