import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "../support/fixtures.ts";
import { packVite } from "../support/real-vite.ts";

const expectAccessible = async (axe: AxeBuilder) => {
  const { violations } = await axe.analyze();
  expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);
};

/** A server that answers on one of the two loopback addresses, and counts what its page sends back. */
const server = `const http = require("node:http");
let sent = 0;
http.createServer((request, response) => {
  if (request.method === "POST") sent += 1;
  response.setHeader("content-type", "text/html");
  response.setHeader("x-frame-options", "DENY");
  response.end(\`<h1>served \${40 + 2}, sent \${sent}</h1><form method="post" action="/a//b"><button>Send</button></form>\`);
}).listen(5173, "::1");`;

test("a server that the agent starts shows up by itself, opens on an origin of its own, can be shared, and says so when it ends", async ({
  workspace,
  browser,
}) => {
  const { page } = workspace;
  const start = "nohup node server.cjs > log.txt 2>&1 & echo $! > pid.txt";
  await workspace.begin(
    `$ echo '${Buffer.from(server).toString("base64")}' | base64 -d > server.cjs; ${start}; echo is-$((40 + 2))`,
  );
  await workspace.waitForOutput("is-42");
  await workspace.waitUntilAnswered();
  await page.getByRole("button", { name: "Show computer" }).click();
  await page.getByRole("tab", { name: "Preview" }).click();
  await expect(page.getByRole("list", { name: "Running servers" }).getByRole("listitem")).toHaveText([
    /Port 5173.*node/,
  ]);
  await page.getByRole("button", { name: "Open port 5173" }).click();
  const frame = page.frameLocator("iframe[title^='port 5173']");
  await expect(frame.getByRole("heading")).toHaveText("served 42, sent 0");
  await frame.getByRole("button", { name: "Send" }).click();
  await expect(frame.getByRole("heading")).toHaveText("served 42, sent 1");

  await workspace.send("$ kill $(cat pid.txt); echo ended-$((40 + 2))");
  await workspace.waitForOutput("ended-42");
  await expect(page.getByText("Nothing listens on port 5173 any more.")).toBeVisible();
  await workspace.waitUntilAnswered();
  await workspace.send(`$ ${start}; echo again-$((40 + 2))`);
  await workspace.waitForOutput("again-42");
  await expect(frame.getByRole("heading")).toHaveText("served 42, sent 0");
  await page.getByRole("button", { name: "All servers" }).click();
  await expect(page.getByRole("button", { name: "Open port 5173" })).toBeVisible();

  await page.getByRole("button", { name: "Share port 5173" }).click();
  const dialog = page.getByRole("dialog", { name: "Share port 5173" });
  await dialog.getByRole("radio", { name: "1 hour" }).check();
  await expectAccessible(new AxeBuilder({ page }).include("[role=dialog]"));
  await dialog.getByRole("button", { name: "Create link" }).click();
  const link = await dialog.getByRole("textbox", { name: "Link" }).inputValue();
  await expectAccessible(new AxeBuilder({ page }).include("[role=dialog]"));
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(page.locator("body")).not.toContainText(link);

  const context = await browser.newContext();
  const visitor = await context.newPage();
  await visitor.goto(link);
  const sharedFrame = visitor.frameLocator("iframe[title='What listens on port 5173']");
  await expect(sharedFrame.getByRole("heading")).toHaveText("served 42, sent 0");
  await sharedFrame.getByRole("button", { name: "Send" }).click();
  await expect(sharedFrame.getByRole("heading")).toHaveText("served 42, sent 1");
  // What stands in the frame is the server's own business.
  await expectAccessible(new AxeBuilder({ page: visitor }).exclude("iframe"));
  await page.getByRole("button", { name: /^Revoke the link to port 5173/ }).click();
  await expect(visitor.getByRole("status")).toHaveText(/Ask whoever sent it/);
  await expect(visitor.locator("iframe")).toHaveCount(0);
  await expectAccessible(new AxeBuilder({ page: visitor }));
  await visitor.reload();
  await expect(visitor.getByRole("status")).toHaveText(/Ask whoever sent it/);
  await expect(page.getByRole("heading", { name: "Shared links" })).toHaveCount(0);
  await context.close();
});

/** A page of modules, of which one can be changed while it is shown. */
const vitePage = {
  "index.html": `<h1></h1><script type="module" src="/main.js"></script>`,
  "main.js": `import { word } from "./word.js";
const show = (text) => { document.querySelector("h1").textContent = text + ", loaded " + loaded; };
const loaded = Number(sessionStorage.getItem("loaded") ?? 0) + 1;
sessionStorage.setItem("loaded", loaded);
show(word);
import.meta.hot.accept("./word.js", (changed) => show(changed.word));`,
  "word.js": `export const word = "first";`,
};

const write = (name: string, text: string) => `echo '${Buffer.from(text).toString("base64")}' | base64 -d > ${name}`;

test("the page of a real Vite changes while it is looked at, in the panel and by a link, without being loaded again", async ({
  workspace,
  browser,
}) => {
  const { page } = workspace;
  await workspace.begin("$ echo ready-$((40 + 2))");
  await workspace.waitForOutput("ready-42");
  await workspace.waitUntilAnswered();
  await page.getByRole("button", { name: "Show computer" }).click();
  await page.getByRole("tab", { name: "Files" }).click();
  await page
    .getByLabel("Upload files", { exact: true })
    .last()
    .setInputFiles([{ name: "vite.tgz", mimeType: "application/gzip", buffer: packVite() }]);
  await expect(page.getByRole("region", { name: "Uploads" })).toContainText("Uploaded");
  const serve = "nohup node node_modules/vite/bin/vite.js --host 0.0.0.0 --port 5174 --strictPort > log.txt 2>&1 &";
  const files = Object.entries(vitePage).map(([name, text]) => write(name, text));
  await workspace.send(`$ ${["tar xzf vite.tgz", ...files].join(" && ")}; ${serve} echo served-$((40 + 2))`);
  await workspace.waitForOutput("served-42");
  await workspace.waitUntilAnswered();
  await page.getByRole("tab", { name: "Preview" }).click();
  await page.getByRole("button", { name: "Share port 5174" }).click();
  const dialog = page.getByRole("dialog", { name: "Share port 5174" });
  await dialog.getByRole("button", { name: "Create link" }).click();
  const link = await dialog.getByRole("textbox", { name: "Link" }).inputValue();
  await dialog.getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: "Open port 5174" }).click();
  const heading = page.frameLocator("iframe[title^='port 5174']").getByRole("heading");
  await expect(heading).toHaveText("first, loaded 1");

  const context = await browser.newContext();
  const visitor = await context.newPage();
  await visitor.goto(link);
  const shared = visitor.frameLocator("iframe[title='What listens on port 5174']").getByRole("heading");
  await expect(shared).toHaveText("first, loaded 1");
  await workspace.send(`$ ${write("word.js", `export const word = "second";`)}; echo saved-$((40 + 2))`);
  await workspace.waitForOutput("saved-42");
  await expect(heading).toHaveText("second, loaded 1");
  await expect(shared).toHaveText("second, loaded 1");
  await context.close();
});
