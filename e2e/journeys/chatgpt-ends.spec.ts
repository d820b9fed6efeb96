import AxeBuilder from "@axe-core/playwright";
import { signInForAccessToken } from "../support/access.ts";
import { main } from "../support/addresses.ts";
import { expect, test } from "../support/fixtures.ts";
import { loginsOf } from "../support/logins.ts";
import { startOpenAi } from "../support/openai.ts";

const pollPath = "POST /api/accounts/deviceauth/token";

test("each end of a ChatGPT code has its screen and one click to go on; two accounts are named, chosen and disconnected apart", async ({
  workspace,
}) => {
  const { openAi, stop } = await startOpenAi();
  try {
    const accessToken = await signInForAccessToken(workspace);
    const { page } = workspace;
    const card = page.getByRole("region", { name: "Connect ChatGPT (Codex)" });
    await page.goto(`${main.appOrigin}/settings`);

    /** One click, and the code that OpenAI gives for it. */
    const codeAfter = async (button: string): Promise<string> => {
      const before = openAi.userCodes.length;
      await card.getByRole("button", { name: button }).click();
      await expect.poll(() => openAi.userCodes.length).toBe(before + 1);
      const code = openAi.userCodes.at(-1) ?? "no code";
      await expect(card.getByText(code)).toBeVisible();
      return code;
    };
    const expectNothingInTheWay = async () => {
      const { violations } = await new AxeBuilder({ page }).include('[aria-label="Connect ChatGPT (Codex)"]').analyze();
      expect(violations).toEqual([]);
    };
    /** OpenAI answers one question so, and nothing ends. */
    const answerOnce = async (verdict: "fault" | "slow_down", code: string) => {
      const asked = () => openAi.calls.filter((call) => call === pollPath).length;
      const before = asked();
      openAi.decide(verdict);
      await expect.poll(asked).toBeGreaterThan(before);
      await expect(card.getByText(code)).toBeVisible();
    };

    await codeAfter("Connect ChatGPT");
    openAi.decide("expired");
    await expect(card.getByText("The code expired. Nothing was connected.")).toBeVisible();
    await expectNothingInTheWay();

    await codeAfter("Get a new code");
    openAi.decide("denied");
    await expect(card.getByText("You (or your workspace admin) declined. Nothing was connected.")).toBeVisible();

    await codeAfter("Try again");
    openAi.decide("malformed");
    await expect(
      card.getByText(/OpenAI's answer couldn't be understood\. Nothing was connected\. Reference \S+\./),
    ).toBeVisible();

    const code = await codeAfter("Try again");
    await expect(card.getByText("Only approve if you started this.")).toBeVisible();
    await expect(card.getByRole("link", { name: "Open OpenAI’s page" })).toHaveAttribute(
      "href",
      "https://auth.openai.com/codex/device",
    );
    await expectNothingInTheWay();
    await page.reload();
    await expect(card.getByText(code)).toBeVisible();
    expect(page.url()).not.toContain(code);
    await answerOnce("fault", code);
    await answerOnce("slow_down", code);
    openAi.decide("approved");
    await expect(card.getByText("Connected as a***@example.com")).toBeVisible();

    openAi.options = { ...openAi.options, account: { id: "acct_second", email: "work@example.com", plan: "team" } };
    await codeAfter("Connect another account");
    openAi.decide("approved");
    await expect(card.getByText("Connected as w***@example.com")).toBeVisible();

    const accounts = card.getByRole("list", { name: "Connected accounts" }).getByRole("listitem");
    await expect(accounts).toHaveCount(2);
    const [first, second] = [accounts.first(), accounts.last()];
    await second.getByRole("button", { name: "Rename w***@example.com" }).click();
    await second.getByRole("textbox", { name: "Name of the account" }).fill("Work");
    await second.getByRole("textbox", { name: "Name of the account" }).press("Enter");
    await expect(second.getByRole("button", { name: "Rename Work" })).toBeVisible();
    await second.getByRole("button", { name: "Use by default" }).click();
    await expect(second.getByText("Default", { exact: true })).toBeVisible();
    await second.getByRole("button", { name: "Test" }).click();
    await expect(second.getByText("OpenAI accepts this account.")).toBeVisible();
    await expect(second.getByText(/^17.% of the 5-hour limit used/)).toBeVisible();

    await first.getByRole("button", { name: "Disconnect" }).click();
    const question = page.getByRole("dialog", { name: "Disconnect a***@example.com?" });
    await question.getByRole("button", { name: "Disconnect" }).click();
    await expect(
      card.getByText("a***@example.com is disconnected, and its tokens kept here are deleted."),
    ).toBeVisible();
    await expect(accounts).toHaveCount(1);
    const { logins } = await loginsOf(accessToken).send("GET", "/api/logins");
    expect(logins).toMatchObject([{ name: "Work", account: "w***@example.com", isDefault: true }]);

    await card.getByRole("button", { name: "Connect another account" }).click();
    await expect(card.getByText("That’s 5 codes within an hour. Try again later.")).toBeVisible();
  } finally {
    await stop();
  }
});
