import { randomBytes } from "node:crypto";

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** An id in WorkOS's manner: a word for the kind, then 26 characters of 130 random bits. */
export const newId = (kind: "user" | "session" | "code"): string =>
  `${kind}_${Array.from(randomBytes(26), (byte) => alphabet[byte % alphabet.length]).join("")}`;
