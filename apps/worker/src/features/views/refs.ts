import type { UserId } from "@threadbox/contracts/ids";

/** What one user's views stand on. */
export const userViewsRef = (env: Pick<Env, "USER_VIEWS">, userId: UserId) => env.USER_VIEWS.getByName(userId);
