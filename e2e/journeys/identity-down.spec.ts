import type { BrowserContext } from "@playwright/test";
import { main } from "../support/addresses.ts";
import { expect, test } from "../support/fixtures.ts";

const identity = `${main.authUrl}/**`;

/** From now on nothing listens where the identity service was. */
const loseIdentity = (context: BrowserContext) => context.route(identity, (route) => route.abort("connectionrefused"));
const findIdentity = (context: BrowserContext) => context.unroute(identity);

test("a page that opens while the identity service is down says so, and shows the threads once it is back", async ({
  workspace,
  context,
}) => {
  const { page, threads } = workspace;
  await workspace.signInAsNewUser();
  await loseIdentity(context);
  await page.reload();
  await expect(page.getByRole("heading", { name: "Can’t reach the sign-in service" })).toBeVisible();
  await page.getByRole("button", { name: "Retry" }).click();
  await expect(page.getByRole("button", { name: "Retry" })).toBeEnabled();
  await expect(threads).toBeHidden();
  await findIdentity(context);
  await expect(threads).toBeVisible();
  await expect(page.getByText(workspace.userName)).toBeVisible();
});

test("signing out while the identity service is down hides everything, says what is left, and can be tried again", async ({
  workspace,
  context,
}) => {
  const { page, threads } = workspace;
  await workspace.signInAsNewUser();
  await loseIdentity(context);
  await page.getByRole("button", { name: /^Account: / }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  const words = page.getByRole("alert").filter({ hasText: "Couldn’t sign you out" });
  await expect(words).toBeVisible();
  await expect(threads).toHaveCount(0);
  await expect(page.getByText(workspace.userName)).toHaveCount(0);
  await findIdentity(context);
  await words.getByRole("button", { name: "Retry" }).click();
  await expect(words).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Sign in" })).toBeEnabled();
  // The browser may still be on its way back from the identity provider, which comes first.
  await expect(() => page.goto(main.appOrigin)).toPass();
  await expect(page).toHaveURL(/\/sign-in/);
});

test("signing in while the identity service is down says so, and works once it is back", async ({
  workspace,
  context,
}) => {
  const { page } = workspace;
  await page.goto(main.appOrigin);
  await loseIdentity(context);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("Can’t reach the sign-in service. Try again.")).toBeVisible();
  await findIdentity(context);
  await workspace.signInHere();
});
