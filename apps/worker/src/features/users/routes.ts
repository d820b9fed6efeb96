import { jsonRoute, type Route } from "../../http/route.ts";
import { requireUser, type UserDoor } from "./door.ts";

export const userRoutes: readonly Route<UserDoor>[] = [jsonRoute("me", "page", requireUser)];
