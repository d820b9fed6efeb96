import tailwindcss from "@tailwindcss/vite";
import { tanstackStart } from "@tanstack/react-start/plugin/vite";
import viteReact from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/**
 * Leaves marked's parser and its writers of HTML out. They are reached from an instance that its one file makes when it is
 * loaded, and only the lexer is used here. Where the file has another shape the build ends.
 */
const lexerOfMarked: Plugin = {
  name: "lexer-of-marked",
  transform(code, id) {
    if (!id.endsWith("/marked/lib/marked.esm.js")) return undefined;
    const { exports } = /export\{(?<exports>[^}]+)\}/.exec(code)?.groups ?? {};
    const names = new Map(exports?.split(",").map((pair) => pair.split(" as ").toReversed() as [string, string]));
    const instance = code.search(new RegExp(`var [\\w$]+=new ${names.get("Marked")?.replaceAll("$", "\\$&")}\\b`));
    if (instance < 0) throw new Error("marked has another shape: see the list of its exports and mend this plugin.");
    const kept = ["getDefaults", "Lexer", "Tokenizer"].map((name) => `${names.get(name)} as ${name}`);
    return { code: `${code.slice(0, instance)}export{${kept.join(",")}};`, map: null };
  },
};

/**
 * Leaves the keys of an icon's shapes out: they never change their order, and only a development build asks for keys. What is
 * random is what gzip can't make smaller.
 */
const iconsWithoutKeys: Plugin = {
  name: "icons-without-keys",
  apply: "build",
  transform(code, id) {
    if (!/\/lucide-react\/dist\/esm\/icons\/[\w-]+\.m?js$/.test(id)) return undefined;
    return { code: code.replaceAll(/,\s*key: "\w+"/g, ""), map: null };
  },
};

export default defineConfig({
  server: { host: "127.0.0.1", allowedHosts: ["threadbox.localhost"] },
  build: {
    // A font or an icon as a data: address would need a wider content security policy.
    assetsInlineLimit: 0,
    target: "es2023",
  },
  environments: {
    client: {
      build: {
        rolldownOptions: {
          output: {
            codeSplitting: {
              groups: [
                // What surrounds every page, together with what the pages share of it.
                { name: "app", tags: ["$initial"] },
                // What a thread's first words share with what comes after them would be a file for each few lines.
                {
                  name: "words",
                  test: /\/features\/text\/(copy-button|highlighted-code|output-bytes|texts|use-copy|visible-text)\.|\/chat\/thread\/message-view\.|\/chat\/turn\/took\.|\/icons\/(check|chevron-right|circle-slash)\.|\/lib\/(duration|size)\./,
                },
              ],
            },
          },
        },
      },
    },
  },
  // React has had this hook since 18; the stand-in for older ones stays out.
  resolve: { alias: { "use-sync-external-store/shim/with-selector": "use-sync-external-store/with-selector" } },
  worker: { format: "es" },
  plugins: [
    lexerOfMarked,
    iconsWithoutKeys,
    tailwindcss(),
    tanstackStart({
      // The pages have chunks of their own, which their routes name; what is around them is in one.
      router: { codeSplittingOptions: { defaultBehavior: [] } },
      serverFns: {
        // server/answer.ts refuses foreign origins before Start is asked.
        disableCsrfMiddlewareWarning: true,
      },
    }),
    viteReact(),
  ],
});
