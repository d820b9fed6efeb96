import type { Extension } from "@codemirror/state";

type Load = () => Promise<Extension>;

const script =
  (options: { readonly typescript?: boolean; readonly jsx?: boolean }): Load =>
  async () =>
    (await import("@codemirror/lang-javascript")).javascript(options);

const css: Load = async () => (await import("@codemirror/lang-css")).css();
const html: Load = async () => (await import("@codemirror/lang-html")).html();
const json: Load = async () => (await import("@codemirror/lang-json")).json();
const markdown: Load = async () => (await import("@codemirror/lang-markdown")).markdown();
const python: Load = async () => (await import("@codemirror/lang-python")).python();

const byExtension: Readonly<Record<string, Load>> = {
  js: script({ jsx: true }),
  cjs: script({ jsx: true }),
  mjs: script({ jsx: true }),
  jsx: script({ jsx: true }),
  ts: script({ typescript: true }),
  cts: script({ typescript: true }),
  mts: script({ typescript: true }),
  tsx: script({ typescript: true, jsx: true }),
  css,
  html,
  htm: html,
  svg: html,
  json,
  jsonc: json,
  md: markdown,
  py: python,
};

/** The grammar for files of that name; null where none is known. Each comes with its own code. */
export const languageOf = (name: string): Load | null => {
  const extension = /\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase() ?? "";
  return byExtension[extension] ?? null;
};
