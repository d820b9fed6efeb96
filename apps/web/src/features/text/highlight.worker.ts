/** Colours code away from the page's own thread, so that a costly grammar or a huge block cannot hold up typing. */
import { createCssVariablesTheme, createHighlighterCore, type DynamicImportLanguageRegistration } from "shiki/core";
import { createJavaScriptRegexEngine } from "shiki/engine/javascript";
import type { CodeToken, HighlightAnswer, HighlightRequest } from "./highlight-tokens.ts";

const grammars: Readonly<Record<string, DynamicImportLanguageRegistration>> = {
  typescript: () => import("shiki/langs/typescript.mjs"),
  tsx: () => import("shiki/langs/tsx.mjs"),
  javascript: () => import("shiki/langs/javascript.mjs"),
  jsx: () => import("shiki/langs/jsx.mjs"),
  json: () => import("shiki/langs/json.mjs"),
  jsonc: () => import("shiki/langs/jsonc.mjs"),
  shellscript: () => import("shiki/langs/shellscript.mjs"),
  python: () => import("shiki/langs/python.mjs"),
  html: () => import("shiki/langs/html.mjs"),
  css: () => import("shiki/langs/css.mjs"),
  markdown: () => import("shiki/langs/markdown.mjs"),
  yaml: () => import("shiki/langs/yaml.mjs"),
  toml: () => import("shiki/langs/toml.mjs"),
  sql: () => import("shiki/langs/sql.mjs"),
  go: () => import("shiki/langs/go.mjs"),
  rust: () => import("shiki/langs/rust.mjs"),
  java: () => import("shiki/langs/java.mjs"),
  c: () => import("shiki/langs/c.mjs"),
  cpp: () => import("shiki/langs/cpp.mjs"),
  diff: () => import("shiki/langs/diff.mjs"),
  docker: () => import("shiki/langs/docker.mjs"),
  ruby: () => import("shiki/langs/ruby.mjs"),
  php: () => import("shiki/langs/php.mjs"),
  xml: () => import("shiki/langs/xml.mjs"),
  ini: () => import("shiki/langs/ini.mjs"),
};

const aliases: Readonly<Record<string, string>> = {
  ts: "typescript",
  mts: "typescript",
  js: "javascript",
  mjs: "javascript",
  bash: "shellscript",
  sh: "shellscript",
  shell: "shellscript",
  zsh: "shellscript",
  console: "shellscript",
  py: "python",
  md: "markdown",
  yml: "yaml",
  rs: "rust",
  dockerfile: "docker",
  rb: "ruby",
  "c++": "cpp",
  svg: "xml",
};

const theme = createCssVariablesTheme({ name: "threadbox", variablePrefix: "--syntax-" });
const highlighter = createHighlighterCore({ themes: [theme], langs: [], engine: createJavaScriptRegexEngine() });

const tokensOf = async (code: string, named: string): Promise<readonly CodeToken[] | null> => {
  const language = Object.hasOwn(aliases, named) ? aliases[named] : named;
  const grammar = language !== undefined && Object.hasOwn(grammars, language) ? grammars[language] : undefined;
  if (language === undefined || grammar === undefined) return null;
  const shiki = await highlighter;
  await shiki.loadLanguage(grammar);
  // The page ends a worker that takes too long. A limit on each line would leave the first one, for which the grammar is
  // still being prepared, half read, and colour all that follows as if it were the comment or string that began there.
  const lines = shiki.codeToTokensBase(code, { lang: language, theme: "threadbox", tokenizeTimeLimit: 0 });
  return lines.flatMap((line, index) => [
    ...(index === 0 ? [] : [{ text: "\n" }]),
    ...line.map(({ content, color }) => ({ text: content, ...(color === undefined ? {} : { color }) })),
  ]);
};

self.addEventListener("message", ({ data }: MessageEvent<HighlightRequest>) => {
  const answer = (tokens: HighlightAnswer["tokens"]) =>
    self.postMessage({ id: data.id, tokens } satisfies HighlightAnswer);
  // A grammar that fails leaves the code as it is, which reads as well.
  tokensOf(data.code, data.language.toLowerCase()).then(answer, () => answer(null));
});
