import { programs } from "@threadbox/hostile-opencode/programs";
import { takeOver } from "@threadbox/hostile-opencode/take-over";
import { expect, test, type Workspace } from "../support/fixtures.ts";
import { memoryOf, openCodeServers } from "../support/processes.ts";

const mebibyte = 1024 * 1024;
/**
 * What a worker may take more while one of its threads is attacked. About 60 MiB are measured for the worst; how much of that
 * is not collected yet depends on how busy the machine is.
 */
const growthMax = 128 * mebibyte;
const turns = 2;

/** Milliseconds of some turns, one after the other. */
const answers = async (workspace: Workspace, mark: string): Promise<readonly number[]> => {
  const times: number[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const sentAt = performance.now();
    await workspace.send(`$ echo ${mark}-${turn}`);
    await workspace.waitUntilAnswered();
    times.push(performance.now() - sentAt);
  }
  return times;
};

const ms = (times: readonly number[]) => Math.round(Math.max(...times));

test("a program in OpenCode's place, whatever it sends, harms its own turn alone", async ({
  workspace,
  otherWorkspace,
}) => {
  // Seven programs, one after the other, in one pair of sandboxes.
  test.setTimeout(1_800_000);
  await otherWorkspace.begin("$ echo beside");
  await otherWorkspace.waitUntilAnswered();
  const others = new Set(openCodeServers());
  await workspace.signInAsNewUser();
  await workspace.openNewThread();
  await workspace.send("$ echo begun");
  await workspace.waitUntilAnswered();
  const alone = await answers(otherWorkspace, "alone");

  for (const name of Object.keys(programs)) {
    await test.step(name, async () => {
      const [server] = openCodeServers().filter((pid) => !others.has(pid));
      if (server === undefined) throw new Error("The thread has no OpenCode.");
      const before = memoryOf("worker");
      const end = await takeOver(server, name);
      let most = before;
      const looking = setInterval(() => {
        most = Math.max(most, memoryOf("worker"));
      }, 100);
      try {
        await workspace.send("$ echo attacked");
        // What its own page has to draw is not what the worker costs others.
        const address = workspace.page.url();
        await workspace.page.goto("about:blank");
        const beside = await answers(otherWorkspace, "beside");
        await workspace.page.goto(address);
        if (await workspace.stopButton.isVisible()) await workspace.stopButton.click().catch(() => {});
        await workspace.waitUntilAnswered();
        await expect(workspace.newest).toContainText(/The turn was stopped because of what its sandbox sent|Stopped/);
        console.log(
          `${name}: worker + ${Math.round((most - before) / mebibyte)} MiB; slowest turn beside ${ms(beside)} ms, alone ${ms(alone)} ms`,
        );
        expect(most - before, "memory that the worker took").toBeLessThan(growthMax);
      } finally {
        clearInterval(looking);
        end();
      }
      await workspace.send("$ echo again");
      await workspace.waitUntilAnswered();
      await expect(workspace.newest).toContainText("again");
    });
  }
});
