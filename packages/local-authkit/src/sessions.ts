import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { join } from "node:path";
import { newId } from "./ids.ts";
import { firstRotation, type Rotation, rotate } from "./rotation.ts";
import { isArrayOf, isObject, readState, writeState } from "./state-file.ts";

interface LoginSession extends Rotation {
  readonly id: string;
  readonly userId: string;
  /** Derives the refresh tokens of this session. */
  readonly secret: string;
  /** Milliseconds since 1970. */
  readonly refreshedAt: number;
}

const isRetired = (value: unknown): value is Rotation["retired"][number] =>
  isObject(value) && typeof value.number === "number" && typeof value.at === "number";

const isLoginSession = (value: unknown): value is LoginSession =>
  isObject(value) &&
  ["id", "userId", "secret"].every((key) => typeof value[key] === "string") &&
  ["current", "refreshedAt"].every((key) => typeof value[key] === "number") &&
  isArrayOf(isRetired)(value.retired);

/** A session that nobody refreshed for so long is over. */
export const idleMsMax = 30 * 24 * 60 * 60_000;

const tokenOf = ({ id, secret }: LoginSession, number: number): string => {
  const seal = createHmac("sha256", Buffer.from(secret, "base64url")).update(`${id}.${number}`).digest("base64url");
  return `${id}.${number}.${seal}`;
};

const isSame = (left: string, right: string): boolean => {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
};

export interface Renewal {
  readonly sessionId: string;
  readonly userId: string;
  readonly refreshToken: string;
}

/** The login sessions of this machine, on disk. */
export class Sessions {
  readonly #path: string;
  #sessions: readonly LoginSession[];

  constructor(stateFolder: string) {
    this.#path = join(stateFolder, "sessions.json");
    this.#sessions = readState(this.#path, isArrayOf(isLoginSession)) ?? [];
  }

  begin(userId: string, now: number): Renewal {
    const secret = randomBytes(32).toString("base64url");
    const session: LoginSession = { id: newId("session"), userId, secret, refreshedAt: now, ...firstRotation };
    this.#save([...this.#sessions.filter((other) => now - other.refreshedAt <= idleMsMax), session]);
    return this.#renewal(session);
  }

  /** The session's next refresh token; undefined where the presented one is no good, for whatever reason. */
  renew(refreshToken: string, now: number): Renewal | undefined {
    const [id, digits = ""] = refreshToken.split(".");
    const session = this.#sessions.find((candidate) => candidate.id === id);
    if (session === undefined || now - session.refreshedAt > idleMsMax) return undefined;
    if (!/^\d{1,15}$/.test(digits) || !isSame(refreshToken, tokenOf(session, Number(digits)))) return undefined;
    const outcome = rotate(session, Number(digits), now);
    if (outcome.kind === "repeat") return this.#renewal(session);
    if (outcome.kind === "stolen") {
      this.end(session.id);
      return undefined;
    }
    const renewed = { ...session, ...outcome.rotation, refreshedAt: now };
    this.#save(this.#sessions.map((other) => (other.id === session.id ? renewed : other)));
    return this.#renewal(renewed);
  }

  /** No error where the session is over already. */
  end(sessionId: string): void {
    const others = this.#sessions.filter(({ id }) => id !== sessionId);
    if (others.length < this.#sessions.length) this.#save(others);
  }

  #renewal(session: LoginSession): Renewal {
    const { id: sessionId, userId, current } = session;
    return { sessionId, userId, refreshToken: tokenOf(session, current) };
  }

  #save(sessions: readonly LoginSession[]): void {
    writeState(this.#path, sessions);
    this.#sessions = sessions;
  }
}
