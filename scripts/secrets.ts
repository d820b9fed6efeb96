/**
 * `npm run secrets -- import [NAME…]`: moves credentials from this environment into the vault of a worker that runs. `--env-file
 * PATH` reads them from a file, `--worker URL` names another worker than this machine's, `--dry-run` only says what would be done.
 */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs, parseEnv } from "node:util";
import { ImportedSecrets, operatorToken } from "@threadbox/contracts/operator";
import { WireErrorBody } from "@threadbox/contracts/wire-error";
import { workerOperations } from "@threadbox/contracts/worker-api";
import { Option, Schema } from "effect";
import { importJWK, type JWK, SignJWT } from "jose";
import { describeSecret, planImport } from "./import-plan.ts";
import { decodeConfiguration } from "./supervisor/configuration.ts";

const usage = "npm run secrets -- import [NAME…] [--env-file PATH] [--worker URL] [--dry-run]";

const fail = (sentence: string): never => {
  console.error(sentence);
  process.exit(1);
};

const readArguments = () => {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { "env-file": { type: "string" }, worker: { type: "string" }, "dry-run": { type: "boolean" } },
    });
    const [verb, ...names] = positionals;
    return verb === "import" ? { names, ...values } : fail(usage);
  } catch {
    return fail(usage);
  }
};

const { names, worker, "env-file": envFile, "dry-run": isDry } = readArguments();
// npm runs this in the repository, and a person names a file from where they are.
const from = process.env.INIT_CWD ?? process.cwd();
const environment = {
  ...process.env,
  ...(envFile === undefined ? {} : parseEnv(readFileSync(resolve(from, envFile), "utf8"))),
};
const { secrets, problems } = planImport(names, environment);
if (problems.length > 0) fail(`${problems.join("; ")}.`);
for (const secret of secrets) console.log(`${isDry ? "Would move" : "Moving"} ${describeSecret(secret)}`);
if (isDry) process.exit(0);

const configuration = decodeConfiguration(process.env);

/** The key of a worker elsewhere comes with the environment, this machine's from its state folder. */
const signingKey = (): JWK => {
  const given = environment.SERVICE_TOKEN_PRIVATE_JWK;
  if (given !== undefined) return JSON.parse(given) as JWK;
  const path = join(configuration.home, "keys.json");
  try {
    return (JSON.parse(readFileSync(path, "utf8")) as { serviceToken: { private: JWK } }).serviceToken.private;
  } catch {
    return fail(`Can't read ${path}. Start Threadbox once, or set SERVICE_TOKEN_PRIVATE_JWK.`);
  }
};

const signToken = async (): Promise<string> => {
  const { alg, type, issuer, audience, lifetimeSeconds } = operatorToken;
  return new SignJWT()
    .setProtectedHeader({ alg, typ: type })
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime(`${lifetimeSeconds}s`)
    .sign(await importJWK(signingKey(), alg));
};

const address = `${worker ?? `http://127.0.0.1:${configuration.ports.worker}`}${workerOperations.importSecrets.path}`;
const response = await fetch(address, {
  method: workerOperations.importSecrets.method,
  headers: { authorization: `Bearer ${await signToken()}`, "content-type": "application/json" },
  body: JSON.stringify({ secrets }),
  signal: AbortSignal.timeout(30_000),
}).catch(() => fail(`Can't reach the worker at ${new URL(address).origin}. Is Threadbox running?`));
const answer: unknown = await response.json().catch(() => null);
const refusal = Option.getOrNull(Schema.decodeUnknownOption(WireErrorBody)(answer));
if (refusal !== null) fail(refusal.error.message);
const outcomes = Option.getOrNull(Schema.decodeUnknownOption(ImportedSecrets)(answer));
if (outcomes === null) fail("The worker's answer can't be understood.");

const words = { imported: "is in the vault now", kept: "was in the vault already, and stays as it is there" } as const;
for (const { name, outcome, reason } of outcomes?.secrets ?? []) {
  console.log(outcome === "refused" ? `${name} was refused: ${reason}` : `${name} ${words[outcome]}.`);
}
const isWhole = outcomes?.secrets.every(({ outcome }) => outcome !== "refused") ?? false;
if (isWhole)
  console.log("Take these variables out of the configuration: the vault's value counts from the next use on.");
process.exit(isWhole ? 0 : 1);
