import { ThreadId } from "@threadbox/contracts/ids";
import { type LoginFlow, LoginFlowId, LoginId, type LoginList, type LoginView } from "@threadbox/contracts/logins";
import { expect, test } from "vitest";
import { connectViewOf, endedFlowIdOf } from "./connect-view.ts";

const threadId = ThreadId.make("0123456789abcdef");
const idOf = (which: string) => LoginId.make(`lgn_${which.padEnd(16, "0")}`);

const login = (which: string, more: Partial<LoginView> = {}): LoginView => ({
  id: idOf(which),
  name: which,
  state: "connected",
  account: `${which}***@example.com`,
  plan: "plus",
  isDefault: false,
  connectedAt: 1,
  lastUsedAt: null,
  reauthAt: null,
  reason: null,
  usage: [],
  ...more,
});

const flow = (more: Partial<LoginFlow> = {}): LoginFlow => ({
  id: LoginFlowId.make("flow_0000000000000000"),
  state: "waiting",
  threadId,
  userCode: "ABCD-12345",
  verificationUri: "https://auth.openai.com/codex/device",
  expiresAt: 900_000,
  startedAt: 0,
  loginId: null,
  reason: null,
  reference: null,
  ...more,
});

const list = (more: Partial<LoginList> = {}): LoginList => ({
  revision: 1,
  now: 0,
  flow: null,
  logins: [],
  isForNewThreads: true,
  disconnectedAt: null,
  ...more,
});

const anew = { loginId: null, oldFlowId: null };

test("whoever has nothing begins, and whoever has ten accounts can't have another", () => {
  const ten = Array.from({ length: 10 }, (_, index) => login(`n${index}`));
  const starts = [list(), list({ disconnectedAt: 5 }), list({ logins: [login("a")] }), list({ logins: ten })];
  expect(starts.map((known) => connectViewOf(known, anew))).toEqual(
    ["idle", "disconnected", "another", "full"].map((state) => ({ kind: "start", state })),
  );
});

test("an open authorization is shown whatever somebody came for, since every start leads to it", () => {
  const logins = [login("a"), login("b", { state: "reauth" })];
  const known = list({ logins, flow: flow() });
  for (const loginId of [null, idOf("a"), idOf("b")])
    expect(connectViewOf(known, { loginId, oldFlowId: null })).toMatchObject({ kind: "flow", state: "waiting" });
  expect(endedFlowIdOf(known)).toBeNull();
});

test("an end that is old news isn't shown again, and a new one is", () => {
  const expired = list({ flow: flow({ state: "expired" }) });
  const oldFlowId = endedFlowIdOf(expired);
  expect(oldFlowId).not.toBeNull();
  expect(connectViewOf(expired, { loginId: null, oldFlowId })).toEqual({ kind: "start", state: "idle" });
  expect(connectViewOf(expired, anew)).toMatchObject({ kind: "flow", state: "expired" });
});

test("who approves with another account hears that the first is still signed out", () => {
  const [ended, other] = [login("a", { state: "reauth" }), login("b")];
  const known = list({ logins: [ended, other], flow: flow({ state: "connected", loginId: other.id }) });
  expect(connectViewOf(known, { loginId: ended.id, oldFlowId: null })).toEqual({
    kind: "done",
    login: other,
    instead: ended,
  });
});

test("a login that has ended asks to be connected again, until it is", () => {
  const ended = login("a", { state: "reauth" });
  const subject = { loginId: ended.id, oldFlowId: null };
  expect(connectViewOf(list({ logins: [ended] }), subject)).toEqual({ kind: "reauth", login: ended });
  const again = login("a");
  const known = list({ logins: [again], flow: flow({ state: "connected", loginId: again.id }) });
  expect(connectViewOf(known, subject)).toEqual({ kind: "done", login: again, instead: null });
});
