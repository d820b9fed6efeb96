import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Hono } from "hono";

const require = createRequire(import.meta.url);
const stylesheet = readFileSync(new URL("./sign-in.css", import.meta.url), "utf8");
const font = readFileSync(require.resolve("@fontsource-variable/geist/files/geist-latin-wght-normal.woff2"));

/** The stylesheet and the font of the sign-in page. */
export const assetRoutes = () =>
  new Hono()
    .get("/assets/sign-in.css", (c) => {
      c.header("Cache-Control", "no-cache");
      return c.body(stylesheet, 200, { "Content-Type": "text/css; charset=utf-8" });
    })
    .get("/assets/geist.woff2", (c) => {
      c.header("Cache-Control", "public, max-age=86400");
      return c.body(new Uint8Array(font), 200, { "Content-Type": "font/woff2" });
    });
