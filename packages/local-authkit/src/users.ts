import { join } from "node:path";
import { newId } from "./ids.ts";
import { isArrayOf, isObject, readState, writeState } from "./state-file.ts";

export type Role = "admin" | "member";

export interface User {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly lastSignInAt: string | null;
}

const isUser = (value: unknown): value is User =>
  isObject(value) &&
  typeof value.id === "string" &&
  typeof value.name === "string" &&
  typeof value.email === "string" &&
  (value.role === "admin" || value.role === "member") &&
  typeof value.createdAt === "string" &&
  (value.lastSignInAt === null || typeof value.lastSignInAt === "string");

/** Why a new user cannot be made: one plain sentence for the person who tries. */
export class UserRefused extends Error {}

const usersMax = 500;

interface Person {
  readonly name: string;
  readonly email: string;
}

/** The person as a form gave them, made tidy; `UserRefused` says what is wrong. */
const tidyPerson = (given: Person): Person => {
  const person = { name: given.name.replace(/\s+/gu, " ").trim(), email: given.email.trim().toLowerCase() };
  if (person.name === "") throw new UserRefused("Enter a name.");
  if (person.name.length > 100) throw new UserRefused("Names can have up to 100 characters.");
  if (/[\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u.test(person.name))
    throw new UserRefused("This name has characters that can’t be shown.");
  if (person.email !== "" && (person.email.length > 254 || !/^[^\s@<>"]+@[^\s@<>"]+$/.test(person.email)))
    throw new UserRefused("Enter an email address, such as name@example.com.");
  return person;
};

/** An address on this machine for somebody who gave none: made of their name, and of a number where that is taken. */
const freeAddress = (name: string, users: readonly Person[]): string => {
  const word =
    name
      .normalize("NFKD")
      .toLowerCase()
      .replace(/\p{M}/gu, "")
      .replace(/[^a-z0-9]+/g, ".")
      .replace(/^\.|\.$/g, "") || "user";
  for (let number = 1; ; number += 1) {
    const address = `${word}${number === 1 ? "" : `.${number}`}@threadbox.localhost`;
    if (!users.some(({ email }) => email === address)) return address;
  }
};

/** The users of this machine, on disk. Ids never change and nobody is ever removed. */
export class Users {
  readonly #path: string;
  #users: readonly User[];

  /** Makes an admin and a member where there is nobody yet. */
  constructor(stateFolder: string, now: number) {
    this.#path = join(stateFolder, "users.json");
    this.#users = readState(this.#path, isArrayOf(isUser)) ?? [];
    if (this.#users.length === 0)
      this.#save([
        this.#newUser({ name: "Ada Admin", email: "admin@threadbox.localhost" }, "admin", now),
        this.#newUser({ name: "Max Member", email: "member@threadbox.localhost" }, "member", now),
      ]);
  }

  list(): readonly User[] {
    return this.#users;
  }

  find(id: string): User | undefined {
    return this.#users.find((user) => user.id === id);
  }

  /** A new member; `UserRefused` where the address is taken or something is wrong with the person. */
  create(given: Person, now: number): User {
    const { name, email: givenEmail } = tidyPerson(given);
    const person = { name, email: givenEmail === "" ? freeAddress(name, this.#users) : givenEmail };
    if (this.#users.some(({ email }) => email === person.email))
      throw new UserRefused("An account with this email already exists. Choose it from the list.");
    if (this.#users.length >= usersMax) throw new UserRefused(`This computer already has ${usersMax} accounts.`);
    const user = this.#newUser(person, "member", now);
    this.#save([...this.#users, user]);
    return user;
  }

  /** Remembers that the user signed in, and answers with them as they are then. */
  signedIn(id: string, now: number): User | undefined {
    const lastSignInAt = new Date(now).toISOString();
    this.#save(this.#users.map((user) => (user.id === id ? { ...user, lastSignInAt } : user)));
    return this.find(id);
  }

  #newUser(person: Person, role: Role, now: number): User {
    return { id: newId("user"), ...person, role, createdAt: new Date(now).toISOString(), lastSignInAt: null };
  }

  #save(users: readonly User[]): void {
    writeState(this.#path, users);
    this.#users = users;
  }
}
