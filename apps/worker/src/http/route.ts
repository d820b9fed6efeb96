import type { Effect } from "effect";
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
