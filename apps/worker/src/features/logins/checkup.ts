import type { LoginId } from "@threadbox/contracts/logins";
import type { LoginBook } from "./book.ts";
import type { AccessLease, LoginBroker } from "./broker.ts";
import { loginRefused } from "./errors.ts";
import type { PlanUsage } from "./plan-usage.ts";

interface Checked {
  readonly book: Pick<LoginBook, "find" | "writeLogin">;
  readonly broker: Pick<LoginBroker, "lease" | "signOut">;
  readonly ask: (lease: AccessLease) => Promise<PlanUsage>;
}

/**
 * Finds out whether OpenAI takes a login, as a turn would: a token that it refuses is renewed once, and one that it has just
 * given and refuses ends the login. What it says of the plan is kept. Rejects with LoginRefusedError.
 */
export const checkLogin = async ({ book, broker, ask }: Checked, id: LoginId): Promise<void> => {
  if (book.find(id) === null) throw loginRefused("notFound");
  const first = await broker.lease(id, null);
  let said = await ask(first);
  if (said.kind === "refused") {
    const renewed = await broker.lease(id, first.version);
    said = await ask(renewed);
    if (said.kind === "refused") {
      broker.signOut(id, renewed.version);
      throw loginRefused("reauth");
    }
  }
  if (said.kind !== "known") throw loginRefused(said.kind === "malformed" ? "malformed" : "openAiUnreachable");
  const login = book.find(id);
  if (login === null) throw loginRefused("notFound");
  const usage = said.usage.length === 0 ? login.usage : said.usage;
  book.writeLogin({ ...login, plan: said.plan ?? login.plan, usage });
};
