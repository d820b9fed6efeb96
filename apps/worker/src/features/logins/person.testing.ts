import { env, exports } from "cloudflare:workers";
import { Generation, type ThreadId, UserId } from "@threadbox/contracts/ids";
import { type ConnectState, connectStateOf, LoginList } from "@threadbox/contracts/logins";
import { ModelList } from "@threadbox/contracts/model-choice";
import { Effect, Schema } from "effect";
import { WorkerConfig } from "../../config.ts";
import { makeWorkerRuntime } from "../../runtime.ts";
import { outboundUrls } from "../../testing/outbound.testing.ts";
import { newThreadId, signAccessToken, testBindings } from "../../testing/tokens.testing.ts";
import { EgressInterceptors } from "../egress/index.ts";
import { signHandle } from "./handles.ts";
import { Logins } from "./logins.ts";
import type { FakeVerdict } from "./openai.testing.ts";
import { userLoginsIdOf } from "./refs.ts";

export const decodeList = Schema.decodeUnknownSync(LoginList);
export const decodeModels = Schema.decodeUnknownSync(ModelList);
const runtime = makeWorkerRuntime(env);

/** A user with a thread of their own, and what OpenCode in its sandbox would ask. */
export class Person {
  readonly threadId: ThreadId = newThreadId();
  readonly userId = `user_of_${this.threadId}`;
  readonly answers: string[] = [];
  /** The code that OpenCode was given last. */
  userCode = "";

  async send(method: string, path: string, body?: unknown): Promise<Response> {
    const response = await exports.default.fetch(`http://worker.test${path}`, {
      method,
      headers: { origin: testBindings.APP_ORIGIN, authorization: `Bearer ${await signAccessToken(this.userId)}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    this.answers.push(await response.clone().text());
    return response;
  }

  async list(query = ""): Promise<LoginList> {
    return decodeList(await (await this.send("GET", `/api/logins${query}`)).json());
  }

  async models(query = ""): Promise<ModelList> {
    return decodeModels(await (await this.send("GET", `/api/models?thread=${this.threadId}${query}`)).json());
  }

  /** Waits, as a page does, until the state is this one. */
  async until(state: ConnectState): Promise<LoginList> {
    let list = await this.list();
    while (connectStateOf(list) !== state) list = await this.list(`?seen=${list.revision}`);
    return list;
  }

  begin(): Promise<void> {
    return runtime.runPromise(Logins.use((logins) => logins.begin(this.userId as never, this.threadId)));
  }

  /** What a program in the sandbox of that thread sends to that address. */
  async ask(url: string, init: RequestInit, threadId = this.threadId): Promise<Response> {
    const request = new Request(url, { method: "POST", ...init });
    const call = { threadId, generation: Generation.make(1), request, requestId: "request" };
    const answer = Effect.gen(function* () {
      const interceptors = yield* EgressInterceptors;
      const found = interceptors.find(({ hosts }) => hosts.includes(new URL(url).hostname));
      if (found === undefined) throw new Error("Nobody answers for this host.");
      return yield* found
        .handle(call)
        .pipe(Effect.catch(({ wireTag }) => Effect.succeed(Response.json({ tag: wireTag }, { status: 599 }))));
    });
    const response = await runtime.runPromise(answer);
    this.answers.push(await response.clone().text());
    return response;
  }

  issuer(path: string, body: Record<string, string>, threadId = this.threadId): Promise<Response> {
    const isToken = path === "/oauth/token";
    return this.ask(
      `https://auth.openai.com${path}`,
      { body: isToken ? new URLSearchParams(body).toString() : JSON.stringify(body) },
      threadId,
    );
  }

  async requestCode(): Promise<{ device_auth_id: string; user_code: string; interval: string }> {
    const answer = await this.issuer("/api/accounts/deviceauth/usercode", { client_id: "app" });
    const code = (await answer.json()) as { device_auth_id: string; user_code: string; interval: string };
    this.userCode = code.user_code;
    return code;
  }

  poll({ device_auth_id, user_code }: { device_auth_id: string; user_code: string }): Promise<Response> {
    return this.issuer("/api/accounts/deviceauth/token", { device_auth_id, user_code });
  }

  /** As OpenCode does it: code, approval, exchange. Answers with what OpenCode would keep. */
  async connect(): Promise<{ access_token: string; refresh_token: string }> {
    await this.begin();
    const code = await this.requestCode();
    await this.decide("approved");
    await this.until("connected");
    const granted = (await (await this.poll(code)).json()) as { authorization_code: string };
    const exchange = { grant_type: "authorization_code", code: granted.authorization_code };
    return (await this.issuer("/oauth/token", exchange)).json();
  }

  /** A handle for another thread of this user's, as a start of its sandbox is given one. */
  async handleIn(threadId: ThreadId): Promise<string> {
    const userId = UserId.make(this.userId);
    const outcome = await env.USER_LOGINS.getByName(userId).bind(threadId, Generation.make(1));
    if (!outcome.isOk || outcome.value === null) throw new Error("The thread may use no login.");
    const { loginId: login, bindingId: binding } = outcome.value;
    const { sandboxCredentialKey } = await runtime.runPromise(WorkerConfig);
    const handle = { kind: "access", object: userLoginsIdOf(env, userId), thread: threadId, login, binding } as const;
    return signHandle(handle, sandboxCredentialKey, Date.now());
  }

  respond(token: string, threadId = this.threadId): Promise<Response> {
    const headers = { authorization: `Bearer ${token}`, "chatgpt-account-id": "lgn", "session-id": "ses" };
    const url = "https://chatgpt.com/backend-api/codex/responses";
    return this.ask(url, { headers, body: JSON.stringify({ model: "gpt-5.5" }) }, threadId);
  }

  /** What OpenAI does with the code, or with what came of it; answers with how often that was refreshed. */
  async openAi(order: {
    readonly verdict?: FakeVerdict;
    readonly forgetAccess?: true;
    readonly revoke?: true;
  }): Promise<number> {
    const body = JSON.stringify({ userCode: this.userCode, ...order });
    const answer = await fetch(`${outboundUrls.openAi}/control`, { method: "POST", body });
    return ((await answer.json()) as { refreshes: number }).refreshes;
  }

  decide(verdict: FakeVerdict): Promise<number> {
    return this.openAi({ verdict });
  }

  /** OpenAI ends the login, and a call of OpenCode's finds that out. */
  async loseLogin(token: string): Promise<void> {
    await this.openAi({ revoke: true });
    await this.respond(token);
    await this.until("reauth");
  }
}
