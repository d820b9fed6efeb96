import { describe, expect, test } from "vitest";
import { closureOf, headOf, needsOf } from "./critical-path.ts";

describe("the critical path", () => {
  test("of a route begins with its own chunks and those of every route above it", () => {
    const routes = {
      __root__: { children: ["/_app", "/sign-in"], preloads: ["/assets/index.js"] },
      "/_app": { children: ["/_app/t/$threadId"], preloads: ["/assets/app.js", "/assets/index.js"] },
      "/_app/t/$threadId": { preloads: ["/assets/thread.js"] },
      "/sign-in": { preloads: ["/assets/sign-in.js"] },
    };
    expect(headOf(routes, "/_app/t/$threadId")).toEqual(["/assets/index.js", "/assets/app.js", "/assets/thread.js"]);
  });

  test("follows static imports and stylesheets, and nothing that is asked for later", () => {
    const source =
      'import{a as b}from"./react.js";import"./side.js";export{c}from"../assets/d.js";' +
      'const lazy=()=>import(`./markdown.js`);const css=`/assets/styles.css`;import x from"bare";';
    expect(needsOf("/assets/index.js", source)).toEqual([
      "/assets/react.js",
      "/assets/side.js",
      "/assets/d.js",
      "/assets/styles.css",
    ]);
  });

  test("holds each file once, also where chunks need each other", () => {
    const files: Record<string, string> = {
      "/assets/a.js": 'import"./b.js";',
      "/assets/b.js": 'import"./a.js";import"./c.js";"/assets/s.css"',
      "/assets/c.js": "",
    };
    expect(closureOf(["/assets/a.js", "/assets/b.js"], (path) => files[path] ?? "")).toEqual([
      "/assets/a.js",
      "/assets/b.js",
      "/assets/c.js",
      "/assets/s.css",
    ]);
  });
});
