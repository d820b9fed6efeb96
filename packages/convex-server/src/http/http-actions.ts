import type { AdminKey } from "../auth/admin-key.ts";
import type { Fault } from "../faults.ts";
import type { Deployment } from "../functions/deployment.ts";
import type { Runner } from "../functions/runner.ts";
import { callContext, type HttpContext, requestIdentity } from "./request-context.ts";

export interface HttpActionsOptions {
  readonly runner: Runner;
  readonly deployment: () => Deployment;
  readonly admin: AdminKey;
}

/** Where the routes of `convex/http.ts` are served; also the path of CONVEX_SITE_URL. */
export const httpActionsPath = "/http";

const withoutBody = new Set([101, 204, 205, 304]);

/** A body whose parts come from a worker; once its reader has left, they are dropped. */
class StreamedBody {
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  readonly stream = new ReadableStream<Uint8Array>({
    start: (controller) => {
      this.#controller = controller;
    },
    cancel: () => {
      this.#controller = null;
    },
  });

  add(bytes: Uint8Array): void {
    this.#controller?.enqueue(bytes);
  }

  end(): void {
    this.#controller?.close();
    this.#controller = null;
  }

  fail(fault: Fault): void {
    this.#controller?.error(fault);
    this.#controller = null;
  }
}

/** Runs the HTTP action that `convex/http.ts` routes this request to and streams its response. */
export const httpActions =
  ({ runner, deployment, admin }: HttpActionsOptions) =>
  async (context: HttpContext): Promise<Response> => {
    const current = deployment();
    if (current.httpRoutes.length === 0) return new Response("This deployment has no HTTP actions.", { status: 404 });
    // A token that is none of ours may be meant for the action itself.
    const identity = await requestIdentity(context, current.auth, admin).catch(() => null);
    const url = new URL(context.req.url);
    url.pathname = url.pathname.slice(httpActionsPath.length) || "/";
    const { method } = context.req;
    const body = method === "GET" || method === "HEAD" ? null : new Uint8Array(await context.req.arrayBuffer());
    const command = { type: "invokeHttp" as const, method, url: url.href, headers: [...context.req.raw.headers], body };

    return new Promise((resolve, reject) => {
      const answer = new StreamedBody();
      const run = runner.runHttpAction({
        command,
        context: callContext(context, identity),
        onResponse: (message) => {
          if (message.type === "responsePart") {
            answer.add(message.bytes);
            return;
          }
          const { status, headers } = message;
          const isEmpty = withoutBody.has(status) || method === "HEAD";
          resolve(new Response(isEmpty ? null : answer.stream, { status, headers }));
        },
      });
      run.then((outcome) => {
        if (outcome.isSuccess) {
          answer.end();
          return;
        }
        const { message, summary: code = message, trace, data } = outcome.failure;
        // Without effect when the head has been sent; then the broken stream tells.
        resolve(Response.json({ code, trace, data }, { status: 500 }));
        answer.fail(outcome.fault);
      }, reject);
    });
  };
