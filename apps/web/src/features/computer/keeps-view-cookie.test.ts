import { expect, test } from "vitest";
import { keepsViewCookie } from "./keeps-view-cookie.ts";

const webKit = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)";
const agents = {
  Safari: `${webKit} Version/26.0 Safari/605.1.15`,
  "Chrome on iOS": `${webKit} CriOS/140.0.0.0 Mobile/15E148 Safari/604.1`,
  Chrome: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
  Edge: "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0",
  Firefox: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
};

test("over http WebKit alone keeps no cookie of a view, and over https every browser does", () => {
  const kept = (protocol: string) =>
    Object.entries(agents).flatMap(([name, agent]) => (keepsViewCookie(protocol, agent) ? [name] : []));
  expect(kept("http:")).toEqual(["Chrome", "Edge", "Firefox"]);
  expect(kept("https:")).toEqual(Object.keys(agents));
});
