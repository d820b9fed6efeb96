import { expect, test } from "../support/fixtures.ts";

const program = [
  'await workspace.write({ path: "b.txt", content: "made by a program" });',
  'const text = await workspace.read({ path: "b.txt" });',
  'try { await workspace.read({ path: "../c.txt" }); } catch (error) { console.log(error.message); }',
  "return { text, length: text.length };",
].join(" ");

test("the agent runs a program on the thread's files, and the card says what it did, also after a reload", async ({
  workspace,
}) => {
  await workspace.begin(`program async () => { ${program} }`);
  await workspace.waitUntilAnswered();
  const card = workspace.newest.getByRole("button", { name: /^Ran program a program with 3 tool calls/ });
  await card.click();
  const saysAll = async () => {
    for (const words of ["workspace.write", "workspace.read", "The path is outside the workspace.", '"length": 17'])
      await expect(workspace.newest).toContainText(words);
  };
  await saysAll();
  await workspace.page.reload();
  await card.click();
  await saysAll();
  await workspace.send("$ cat b.txt");
  await workspace.waitForOutput("made by a program");
});

test("a program that computes for ever is ended, and the thread and its next program go on", async ({ workspace }) => {
  await workspace.begin("program async () => { while (true) {} }");
  await workspace.waitUntilAnswered();
  const card = workspace.newest.getByRole("button", { name: /^Ran program a program with 0 tool calls Failed/ });
  await card.click();
  await expect(workspace.newest).toContainText("The machine that runs programs went away");
  await workspace.send("program async () => 6 * 7");
  await workspace.waitUntilAnswered();
  await workspace.newest.getByRole("button", { name: /^Ran program/ }).click();
  await expect(workspace.newest).toContainText("42");
});
