import type { Effect } from "effect";
import { EgressInterceptors, type Interceptor } from "./interceptor.ts";

/** Who answers for that host; undefined: nobody. */
export const findInterceptor = (host: string): Effect.Effect<Interceptor | undefined, never, EgressInterceptors> =>
  EgressInterceptors.useSync((interceptors) => interceptors.find(({ hosts }) => hosts.includes(host)));
