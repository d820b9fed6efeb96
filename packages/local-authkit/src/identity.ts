import type { Codes } from "./codes.ts";
import type { Config } from "./config.ts";
import type { Keys } from "./keys.ts";
import type { Sessions } from "./sessions.ts";
import type { Users } from "./users.ts";

/** What every route works on. */
export interface Identity {
  readonly config: Pick<Config, "appOrigin" | "clientId">;
  /** `iss` of the access tokens: `http://localhost:<port>`. */
  readonly issuer: string;
  readonly keys: Keys;
  readonly users: Users;
  readonly sessions: Sessions;
  readonly codes: Codes;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}
