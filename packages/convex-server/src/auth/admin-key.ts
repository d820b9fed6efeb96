import { createHash, timingSafeEqual } from "node:crypto";
import type { JSONValue } from "convex/values";
import { Fault } from "../faults.ts";
import type { Identity } from "./identity.ts";

type Attributes = Readonly<Record<string, JSONValue>>;

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** What `--identity` and the dashboard give; functions see it as the identity that it pretends to be. */
const pretended = (attributes: unknown): Attributes => {
  if (typeof attributes !== "object" || attributes === null || Array.isArray(attributes)) {
    throw new Fault("InvalidRequest", "The identity to act as must be an object.");
  }
  const given = attributes as Attributes;
  const { issuer = "https://convex.test", subject = "admin" } = given;
  return { issuer, subject, tokenIdentifier: `${issuer}|${subject}`, ...given };
};

/** The key of whoever runs the server. Who shows it calls every function, as nobody or as whom they name. */
export class AdminKey {
  readonly #digest: Buffer | null;

  /** Null: there is none, and nobody is let in. */
  constructor(key: string | null) {
    this.#digest = key === null ? null : digest(key);
  }

  /** Throws a fault for a key that is not the one. */
  identify(key: string, attributes?: unknown): Identity {
    if (this.#digest === null || !timingSafeEqual(this.#digest, digest(key))) {
      throw new Fault("BadAdminKey", "The provided admin key was invalid for this instance");
    }
    const acting = attributes === undefined ? null : pretended(attributes);
    const own = `admin ${acting === null ? "" : JSON.stringify(acting)}`;
    return { attributes: acting, key: own, expiresAt: Number.POSITIVE_INFINITY, token: "", isAdmin: true };
  }

  /** Of a header `Convex <key>` or `Convex <key>:<identity, JSON in Base64>`; null for any other. */
  identifyHeader(header: string | undefined): Identity | null {
    const [, given] = /^convex (\S+)$/i.exec(header ?? "") ?? [];
    if (given === undefined) return null;
    const [key = "", encoded] = given.split(":");
    return encoded === undefined ? this.identify(key) : this.identify(key, decode(encoded));
  }
}

const decode = (encoded: string): unknown => {
  try {
    return JSON.parse(Buffer.from(encoded, "base64").toString());
  } catch {
    throw new Fault("InvalidRequest", "The identity to act as is not JSON in Base64.");
  }
};
