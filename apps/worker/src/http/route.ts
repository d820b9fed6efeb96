import { type AgentsAnswers, agentsApi } from "@threadbox/contracts/agents-api";
import { type ComputerAnswers, computerApi } from "@threadbox/contracts/computer-api";
import { type LoginsAnswers, loginsApi } from "@threadbox/contracts/logins-api";
import { type ModelKeysAnswers, modelKeysApi } from "@threadbox/contracts/model-keys-api";
import { type ModelsAnswers, modelsApi } from "@threadbox/contracts/models-api";
import { type SandboxApiAnswers, sandboxApi } from "@threadbox/contracts/sandbox-api";
import { type SecretsAnswers, secretsApi } from "@threadbox/contracts/secrets-api";
import { type UserSecretsAnswers, userSecretsApi } from "@threadbox/contracts/user-secrets-api";
import { type WorkerAnswers, workerApi, workerOperations } from "@threadbox/contracts/worker-api";
import { Effect } from "effect";
import type { WireFailure } from "./failure.ts";

export interface RouteRequest {
  readonly request: Request;
  /** Segments that the path names with a colon. */
  readonly params: Readonly<Record<string, string | undefined>> & { readonly threadId?: string };
  readonly requestId: string;
}

/** One method on one path. What it needs (`R`) the runtime supplies; how it fails is a row of the error table. */
export interface Route<R> {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  /** `page`: a browser on the app's origin, with CORS. `machine`: no browser. `anyone`: public and harmless. */
  readonly audience: "page" | "machine" | "anyone";
  handle(request: RouteRequest): Effect.Effect<Response, WireFailure, R>;
}

const contract = {
  ...workerApi,
  ...workerOperations,
  ...computerApi,
  ...secretsApi,
  ...userSecretsApi,
  ...loginsApi,
  ...modelKeysApi,
  ...modelsApi,
  ...sandboxApi,
  ...agentsApi,
};
type Answers = WorkerAnswers &
  ComputerAnswers &
  SecretsAnswers &
  UserSecretsAnswers &
  LoginsAnswers &
  ModelKeysAnswers &
  ModelsAnswers &
  SandboxApiAnswers &
  AgentsAnswers;

/** A route of the contract that answers with JSON: exactly what the contract says it answers with. */
export const jsonRoute = <Name extends keyof Answers, R>(
  name: Name,
  audience: Route<R>["audience"],
  answer: (request: RouteRequest) => Effect.Effect<Answers[Name], WireFailure, R>,
): Route<R> => ({
  ...contract[name],
  audience,
  handle: (request) => Effect.map(answer(request), (body) => Response.json(body)),
});
