import { type EnsureSandbox, WarmPlan } from "@threadbox/contracts/sandbox-host";
import { Redacted, Schema } from "effect";

const answerTimeoutMs = 10_000;
const decode = Schema.decodeUnknownPromise(WarmPlan);

/** Asks the worker what a start gets that is nothing special. */
export const askWarmPlan = async (url: URL, token: Redacted.Redacted<string>): Promise<WarmPlan> => {
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${Redacted.value(token)}` },
    redirect: "manual",
    signal: AbortSignal.timeout(answerTimeoutMs),
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`The worker answered ${response.status}.`);
  }
  return decode(await response.json());
};

/** What of a start could have been begun before it was asked for; undefined of one that is something special. */
export const planOf = (request: EnsureSandbox): WarmPlan | undefined => {
  const { own, environment, files = [], startsEmpty, restore, origin, trustsWorkspace, engine = "local" } = request;
  if (own === undefined || startsEmpty || trustsWorkspace || restore !== undefined || origin !== undefined)
    return undefined;
  // Only jails are started beforehand.
  if (engine !== "local") return undefined;
  const common = Object.entries(environment).filter(([name]) => !own.variables.includes(name));
  return {
    environment: Object.fromEntries(common),
    files: files.filter(({ path }) => !own.files.includes(path)),
    credential: own.credential,
  };
};

/** Alike for plans that differ in their credential alone. */
export const keyOf = ({ environment, files, credential }: WarmPlan): string =>
  JSON.stringify([
    Object.entries(environment)
      .map(([name, value]) => [name, value.replaceAll(credential, "\0")] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
    files.map(({ path, content }) => [path, content]),
  ]);
