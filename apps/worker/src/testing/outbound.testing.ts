import { type FarmOrder, OpenCodeFarm } from "../features/chat/opencode-farm.testing.ts";
import { FakeOpenAi } from "../features/logins/openai.testing.ts";
import { KeyedProviders } from "../features/model-keys/providers.testing.ts";
import { readRecordings } from "../features/opencode/recordings.testing.ts";
import { asksForPassword, StubSandboxHost } from "../features/sandbox/stub-host.testing.ts";

/** Where the worker under test finds its neighbours; nothing listens there but `answerOutbound`. */
export const outboundUrls = {
  convex: "http://convex.test",
  sandboxHost: "http://sandbox-host.test",
  /** `GET /jwks`: the identity provider's keys, as `serveIdentityKeys` says. */
  identity: "http://identity.test",
  /** Test bodies ask here what arrived: `GET /?threadId=` → Traffic; an empty id asks for what names no thread. */
  observer: "http://observer.test",
  /** OpenAI, for logins; `POST /control` says what happens to the last code. */
  openAi: "http://openai.test",
  /** OpenAI's API and Anthropic's, for users' own keys. */
  openAiApi: "http://openai-api.test/v1",
  anthropicApi: "http://anthropic-api.test/v1",
  /** A compatible endpoint that anybody may reach, and one whose listing is open to everybody. */
  compatible: "https://models.example.com/v1",
  openListing: "https://open.example.com/v1",
  /** A collector of metrics; `GET` tells what it was sent, in order. */
  collector: "http://collector.test",
  /** `POST /:sandboxName` with a FarmOrder. */
  farm: "http://farm.test",
  /**
   * `POST /:threadId` with a number: so many mutations of that thread take effect, but Convex's answer is lost. With
   * `deleted`: the thread is missing from then on.
   */
  convexFaults: "http://convex-faults.test",
} as const;

const openAi = new FakeOpenAi();
const keyed = new KeyedProviders();
const host = new StubSandboxHost("control-channel-token-of-the-tests");
host.opens = asksForPassword;
let farm: OpenCodeFarm | null = null;
const lostAnswers = new Map<string, number>();
const deleted = new Set<string>();
interface ConvexCall {
  readonly path: string;
  readonly threadId: string;
  readonly token: string | null;
  readonly args: Readonly<Record<string, unknown>>;
}
const convexCalls: ConvexCall[] = [];
/** Threads by the names that programs gave them. */
const named = new Map<string, { readonly threadId: string; readonly ownerId: string }>();
let strangers = 0;
/** A request to a host outside, and the thread that its path begins with. */
interface Visit {
  readonly threadId: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
const visits: Visit[] = [];

/** Puts an OpenCode that plays these recordings, by file name, into every sandbox. */
export const playRecordings = (files: Readonly<Record<string, string>>): void => {
  farm = new OpenCodeFarm(host, readRecordings(files));
};

export interface CollectedExport {
  readonly path: string;
  readonly key: string | null;
  readonly body: unknown;
}
const collected: CollectedExport[] = [];

const collect = async (request: Request): Promise<Response> => {
  if (request.method === "GET") return Response.json(collected);
  const { pathname: path } = new URL(request.url);
  collected.push({ path, key: request.headers.get("api-key"), body: await request.json() });
  return Response.json({});
};

let identityKeys = "";
/** What the identity provider answers who asks for its keys. */
export const serveIdentityKeys = (jwks: string): void => {
  identityKeys = jwks;
};

/** What `convex/model/namedThreads.ts` does; undefined for every other function. */
const answerNamed = (path: string, args: Readonly<Record<string, string>>): unknown => {
  const { sandboxId = "", ownerId = "", threadId = "" } = args;
  if (path === "threads:named") return named.get(sandboxId) ?? null;
  if (path === "threads:createNamed") {
    if (named.has(sandboxId)) return false;
    named.set(sandboxId, { threadId: `live${crypto.randomUUID().replaceAll("-", "")}`, ownerId });
    return true;
  }
  if (path !== "threads:removeNamed") return undefined;
  const [known] = [...named].find(([, thread]) => thread.threadId === threadId) ?? [];
  return named.delete(known ?? "");
};

/**
 * Threads whose id says so are missing, or cannot be asked about; all others belong to whoever asks. What it is told is
 * taken: a row of the audit that never is would stand in an outbox that tests share.
 */
const answerConvex = async (request: Request): Promise<Response> => {
  const { path, args } = (await request.json()) as { path: string; args: [{ threadId?: string; userId?: string }] };
  const { threadId = "" } = args[0];
  convexCalls.push({ path, threadId, token: request.headers.get("authorization"), args: args[0] });
  const losing = lostAnswers.get(threadId) ?? 0;
  if (losing > 0 && path !== "threads:access") {
    lostAnswers.set(threadId, losing - 1);
    return new Response("lost", { status: 503 });
  }
  if (threadId.startsWith("storedown") && path === "threads:access") return new Response("down", { status: 503 });
  const seen = convexCalls.filter((call) => call.path === path && call.args.userId === "user_losing").length;
  const isLost = args[0].userId === "user_losing" && seen > 1;
  const ofName = answerNamed(path, args[0] as Record<string, string>);
  if (ofName !== undefined) return Response.json({ status: "success", value: ofName, logLines: [] });
  const value =
    path === "threads:access"
      ? threadId.startsWith("gone") || deleted.has(threadId) || isLost
        ? null
        : { ownerId: args[0].userId ?? `user_of_${threadId}`, hasOpenCode: !threadId.startsWith("off") }
      : path === "threads:searchBeside"
        ? { threads: [{ threadId, title: `Of ${threadId}`, isArchived: false }], messages: [], isPartial: false }
        : path !== "sandboxes:running" || [];
  return Response.json({ status: "success", value, logLines: [] });
};

/** What left the worker: Convex calls on one thread, starts of any sandbox, requests to anybody else. */
export interface Traffic {
  readonly calls: typeof convexCalls;
  readonly starts: number;
  readonly strangers: number;
  readonly visits: readonly Visit[];
}

const trafficOf = (threadId: string | null): Traffic => ({
  calls: convexCalls.filter((call) => call.threadId === threadId),
  starts: host.requests.filter(({ method }) => method === "PUT").length,
  strangers,
  visits: visits.filter((visit) => visit.threadId === threadId),
});

/** A host outside: `/:threadId/…` is answered as its next part says, `lost` in a way that can't be read. */
const answerVisit = async (request: Request, { pathname, href: url }: URL): Promise<Response> => {
  const [, threadId = "", how = ""] = pathname.split("/");
  const body = await request.text();
  visits.push({ threadId, method: request.method, url, headers: Object.fromEntries(request.headers), body });
  if (how === "lost") return new Response("x", { headers: { "content-encoding": "br" } });
  if (how === "elsewhere")
    return new Response(null, { status: 302, headers: { location: `https://gitlab.com/${threadId}/end` } });
  if (how === "bytes") return new Response(new Uint8Array(8), { headers: { "content-type": "image/png" } });
  if (how === "long") return new Response("x".repeat(100_000), { headers: { "content-type": "text/plain" } });
  const status = how === "refused" ? 422 : 201;
  return Response.json({ method: request.method, authorization: request.headers.get("authorization") }, { status });
};

/** The runner's own class of requests is no `Request` to this realm's constructors. */
const copyOf = async (source: Request): Promise<Request> => {
  const { url, method, headers, body } = source;
  return new Request(url, {
    method,
    headers: [...headers],
    ...(body === null ? {} : { body: await source.arrayBuffer() }),
  });
};

/** Answers every request that leaves the worker in tests; runs beside it, not inside. */
export const answerOutbound = async (arrived: Request): Promise<Response> => {
  const request = await copyOf(arrived);
  const url = new URL(request.url);
  if (url.origin === outboundUrls.observer) return Response.json(trafficOf(url.searchParams.get("threadId")));
  if (url.origin === outboundUrls.convex) return answerConvex(request);
  if (url.origin === outboundUrls.identity) {
    return new Response(identityKeys, { headers: { "content-type": "application/json" } });
  }
  if (url.origin === outboundUrls.openAi) return openAi.fetch(request);
  const provider = keyed.find(url);
  if (provider !== null) return provider(request);
  if (url.origin === outboundUrls.sandboxHost) return host.fetch(request);
  if (url.origin === outboundUrls.collector) return collect(request);
  if (url.origin === outboundUrls.farm) {
    const order = (await request.json()) as FarmOrder;
    return Response.json((await farm?.control(url.pathname.slice(1), order)) ?? null);
  }
  if (url.origin === outboundUrls.convexFaults) {
    const [threadId, fault] = [url.pathname.slice(1), await request.text()];
    if (fault === "deleted") deleted.add(threadId);
    else lostAnswers.set(threadId, Number(fault));
    return new Response(null, { status: 204 });
  }
  strangers += 1;
  if (url.hostname === "api.github.com" || url.hostname === "gitlab.com") return answerVisit(request, url);
  return new Response("Nothing is here.", { status: 502 });
};
