import type { UserId } from "@threadbox/contracts/ids";

/** The logins of one user. */
export const userLoginsRef = (env: Pick<Env, "USER_LOGINS">, userId: UserId) => env.USER_LOGINS.getByName(userId);

/** The object's own id, which a handle names in place of its user. */
export const userLoginsIdOf = (env: Pick<Env, "USER_LOGINS">, userId: UserId): string =>
  env.USER_LOGINS.idFromName(userId).toString();

/** The same by the object's own id. Throws for an id of another class. */
export const userLoginsRefOf = (env: Pick<Env, "USER_LOGINS">, objectId: string) =>
  env.USER_LOGINS.get(env.USER_LOGINS.idFromString(objectId));
