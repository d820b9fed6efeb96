import { randomUUID } from "node:crypto";
import { main } from "../support/addresses.ts";
import { type Blow, bare, differences, drawBlows, recordOf, type Said, shownIn, strike } from "../support/campaign.ts";
import { expect, test, Workspace } from "../support/fixtures.ts";
import { heldCommand } from "../support/held-command.ts";
import { orphanedJails, processesNamed } from "../support/processes.ts";
import { seededRandom } from "../support/random.ts";

/** Other seeds draw other kills; `CAMPAIGN_KILLS=60` is a whole campaign. */
const firstSeed = Number(process.env.CAMPAIGN_SEED ?? 1);
const kills = Number(process.env.CAMPAIGN_KILLS ?? 5);
/** Within this time of the killed part's return all is complete and agrees; only asked of a machine that is left alone. */
const convergenceMsMax = process.env.CAMPAIGN_KILLS === undefined ? Number.POSITIVE_INFINITY : 10_000;
const killsPerThread = 5;
const ends = new Set(["settled", "failed", "interrupted"]);

/** One end for each message, in order: none lost, none twice, none without an answer. */
const wrongs = (record: readonly Said[], sent: readonly string[]): readonly string[] => {
  const said = record.filter(({ author }) => author === "user").flatMap(({ words }) => words);
  const answers = record.filter(({ author }) => author === "assistant");
  return [
    ...(said.join("\n") === sent.join("\n") ? [] : [`sent ${sent.join(" | ")}; the record has ${said.join(" | ")}`]),
    ...(answers.length === sent.length ? [] : [`${sent.length} messages have ${answers.length} answers`]),
    ...answers.filter(({ end }) => !ends.has(end ?? "")).map(({ id, end }) => `answer ${id} is ${end}`),
  ];
};

/** The newest access token that a page was given: a campaign outlives the first. */
const tokensOf = ({ page }: Workspace): (() => string) => {
  let token = "";
  page.on("response", async (response) => {
    if (!response.url().endsWith("/user_management/authenticate") || !response.ok()) return;
    token = ((await response.json().catch(() => ({}))) as { access_token?: string }).access_token ?? token;
  });
  return () => token;
};

for (let seed = firstSeed; seed < firstSeed + Math.ceil(kills / killsPerThread); seed++) {
  const blows = drawBlows(seededRandom(seed), killsPerThread);

  test(`whatever is killed whenever, nothing is lost or left over, and every tab comes to the record (seed ${seed})`, async ({
    workspace,
  }) => {
    const tokenOf = tokensOf(workspace);
    await workspace.signInAsNewUser();
    await workspace.openNewThread();
    const first = "$ echo begun";
    await workspace.send(first);
    await workspace.waitUntilAnswered();
    const threadId = new URL(workspace.page.url()).pathname.split("/").at(-1) ?? "";
    const second = new Workspace(await workspace.page.context().newPage());
    await second.page.goto(workspace.page.url());
    await expect(second.composer).toBeVisible();
    const tabs = [workspace, second];
    const sent = [bare(first)];
    const standstills: string[] = [];

    /** Lets the held command go on whenever it comes to stand still, and looks whether all have come to the same. */
    const look = async (standstill: string): Promise<readonly string[]> => {
      for (const pid of processesNamed(standstill)) process.kill(pid, "SIGTERM");
      const record = await recordOf(threadId, tokenOf()).catch((error: Error) => error.message);
      if (typeof record === "string") return [`Convex does not answer: ${record}`];
      const wrong = wrongs(record, sent);
      if (wrong.length > 0) return wrong;
      const shown = await Promise.all(tabs.map(({ page }) => shownIn(page)));
      const busy = await Promise.all(tabs.map(({ stopButton }) => stopButton.isVisible()));
      return [
        ...shown.flatMap((of) => differences(record, of)),
        ...busy.flatMap((isBusy) => (isBusy ? ["a tab has a turn that runs"] : [])),
      ];
    };

    const take = async ({ victim, moment }: Blow, at: number): Promise<void> => {
      const mark = `mark-${randomUUID().slice(0, 8)}`;
      const held = heldCommand(`echo ${mark}`, `echo after-${mark}`);
      standstills.push(held.standstill);
      const tab = tabs[at % tabs.length] ?? workspace;
      await tab.composer.fill(held.message);
      await tab.composer.press("Enter");
      sent.push(bare(held.message));
      if (moment !== "as it is sent") {
        await expect(tab.conversation.getByRole("article", { name: "You" }).last()).toContainText(mark);
        await tab.waitUntilRunning();
      }
      if (moment === "once its command runs") {
        await expect.poll(() => processesNamed(held.standstill).length).toBeGreaterThan(0);
      }
      const struckAt = performance.now();
      const isBack = await strike(victim);
      await expect.poll(isBack, `${victim} comes back`).toBe(true);
      const backAt = performance.now();
      await expect
        .poll(() => look(held.standstill), { message: `kill ${at + 1}: ${victim} ${moment}`, intervals: [100] })
        .toEqual([]);
      const now = performance.now();
      const ms = (from: number) => `${Math.round(now - from)} ms`;
      console.log(
        `seed ${seed}, kill ${at + 1}: ${victim} ${moment}; all agree ${ms(struckAt)} after the kill, ${ms(backAt)} after its return`,
      );
      expect(now - backAt, "time from the part's return until all agree").toBeLessThan(convergenceMsMax);
    };

    for (const [at, blow] of blows.entries()) await take(blow, at);

    await expect.poll(() => standstills.flatMap(processesNamed), "no command outlives its turn").toEqual([]);
    await expect.poll(() => orphanedJails(main), "no jail outlives its sandbox host").toEqual([]);
    for (const { page } of tabs) {
      await page.reload();
      await expect.poll(async () => differences(await recordOf(threadId, tokenOf()), await shownIn(page))).toEqual([]);
    }
  });
}
