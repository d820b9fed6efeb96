import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { becomeTab, newStorage } from "./browser.testing.ts";
import { appOrigin, clientId, openIdentity, readPage, redirectUri, submit } from "./identity.testing.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A browser with the app's page in it, signed in through the sign-in page. */
const open = async () => {
  const identity = await openIdentity();
  const disk = newStorage();

  /** Loads the app's page at that address, with a module of its own as every tab has. */
  const load = async (address = `${appOrigin}/`, sessionStorage = newStorage()) => {
    const location = becomeTab(address, disk, sessionStorage);
    vi.resetModules();
    const { createClient } = await import("@workos-inc/authkit-js");
    const client = await createClient(clientId, {
      apiHostname: "localhost",
      port: Number(new URL(identity.issuer).port),
      https: false,
      devMode: true,
      redirectUri,
    });
    onTestFinished(() => client.dispose());
    return { client, location, sessionStorage };
  };

  const before = await load();
  await before.client.signIn({ state: { returnTo: "/t/1" } });
  const authorize = before.location.assign.mock.calls[0]?.[0] ?? "";
  const { sealed, users } = readPage(await (await fetch(authorize)).text());
  const form = { request: sealed, user_id: users[1]?.id ?? "" };
  const answer = await submit(identity.issuer, form);
  const tab = await load(answer.headers.get("location") ?? "", before.sessionStorage);
  return { ...identity, disk, load, tab };
};

describe("the real authkit-js client", () => {
  test("signs in, and leaves neither code nor state in the address", async () => {
    const { tab } = await open();
    expect(tab.client.getUser()).toMatchObject({
      email: "member@threadbox.localhost",
      firstName: "Max",
      lastName: "Member",
    });
    expect(tab.location.href).toBe(redirectUri);
    expect(await tab.client.getAccessToken()).toMatch(/^ey/);
  });

  test("is still signed in after a reload, as the same user", async () => {
    const { tab, load } = await open();
    const again = await load();
    expect(again.client.getUser()?.id).toBe(tab.client.getUser()?.id);
  });

  test("in two tabs that refresh at once stays signed in in both", async () => {
    const { tab, load } = await open();
    const other = await load();
    const renew = () => [tab, other].map(({ client }) => client.getAccessToken({ forceRefresh: true }));
    await Promise.all(renew());
    await Promise.all(renew());
    expect((await load()).client.getUser()).not.toBeNull();
  });

  test("keeps its session while the identity process is away", async () => {
    const { tab, stop, start, load } = await open();
    await stop();
    await expect(tab.client.getAccessToken({ forceRefresh: true })).rejects.toThrow();
    await start();
    expect(await tab.client.getAccessToken({ forceRefresh: true })).toMatch(/^ey/);
    expect((await load()).client.getUser()).not.toBeNull();
  });

  test("signs out of every tab", async () => {
    const { tab, disk, load } = await open();
    const other = await load();
    other.client.signOut({ returnTo: `${appOrigin}/sign-in` });
    const logOut = other.location.assign.mock.calls[0]?.[0] ?? "";
    const answer = await fetch(logOut, { redirect: "manual" });
    expect(answer.headers.get("location")).toBe(`${appOrigin}/sign-in`);
    expect(disk.length).toBe(0);
    await expect(tab.client.getAccessToken({ forceRefresh: true })).rejects.toThrow("No access token available");
    expect((await load()).client.getUser()).toBeNull();
  });
});
