import { Effect } from "effect";
import type { Route } from "../../http/route.ts";
import { requireUser, type UserDoor } from "./door.ts";

export const userRoutes: readonly Route<UserDoor>[] = [
  {
    method: "GET",
    path: "/api/me",
    audience: "page",
    handle: (routed) => Effect.map(requireUser(routed), (viewer) => Response.json(viewer)),
  },
];
