import { Schema } from "effect";

/**
 * A view shows in a browser what a sandbox serves, on an origin of its own below the view domain. That origin trusts
 * nothing but its own cookie, and no credential of the app is valid there.
 */
export const viewOrigin = {
  /** Path on a view's origin at which a ticket becomes its cookie. What a sandbox serves below `/.threadbox/` is never asked for. */
  openPath: "/.threadbox/open",
  /** The same for a page that is open already: it gets a new cookie and stays as it is. */
  renewPath: "/.threadbox/renew",
  /** Query parameter that carries the ticket to `openPath` or `renewPath`. */
  ticketParameter: "ticket",
  /** The view's cookie: host-only, and no neighbour can set it. */
  cookie: "__Host-threadbox-view",
  /** Seconds for which a ticket may be used, once. */
  ticketSeconds: 30,
  /** Seconds for which the cookie is good. */
  sessionSeconds: 3600,
  /** Seconds after which whoever shows the view renews it. */
  renewSeconds: 2700,
  /** Most seconds that a view, also an open socket or stream of it, outlives the sign-out, thread, sandbox or link it came from. */
  revokedSecondsMax: 3,
} as const;

/**
 * A thread's OpenCode by address, for programs that hold its token: as if it were at the root, in any of these methods. A
 * browser is led to the thread's page.
 */
export const openCodeApi = {
  /** `?thread=`; a program is answered `OpenedView`. */
  open: { method: "GET", path: "/sandbox/opencode" },
  root: { path: "/sandbox/:threadId/opencode" },
  below: { path: "/sandbox/:threadId/opencode/*" },
  methods: ["GET", "POST", "PUT", "PATCH", "DELETE"],
} as const;

/** What a view shows: OpenCode's own page, files as documents, or what a program inside serves on a port (`port:5173`). */
export const ViewTarget = Schema.Union([
  Schema.Literals(["opencode", "document"]),
  Schema.TemplateLiteral(["port:", Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 65_535 }))]),
]);
export type ViewTarget = typeof ViewTarget.Type;

/** The port of a target; null for what is no program's. */
export const portOf = (target: ViewTarget): number | null =>
  target === "opencode" || target === "document" ? null : Number(target.slice("port:".length));

/** A server that listens inside. */
export const ListeningPort = Schema.Struct({
  port: Schema.Int,
  /** Name of the program; empty where it does not show itself. */
  program: Schema.String,
});
export type ListeningPort = typeof ListeningPort.Type;

/** Answer of `GET /api/sandbox/:threadId/ports`: none while no sandbox runs. Starts nothing. */
export const ListeningPorts = Schema.Struct({ ports: Schema.Array(ListeningPort) });
export type ListeningPorts = typeof ListeningPorts.Type;

/** Body of `POST /api/sandbox/:threadId/views`. */
export const OpenView = Schema.Struct({
  target: ViewTarget,
  /** Of the file that is shown, where the target is `document`. */
  path: Schema.optionalKey(Schema.String.check(Schema.isMaxLength(4_096))),
});
export type OpenView = typeof OpenView.Type;

/** Its answer. */
export const OpenedView = Schema.Struct({
  /** Address that opens the view, once and within `ticketSeconds`. */
  url: Schema.String,
  /** The sandbox's generation; a later one ends the view. */
  generation: Schema.Int,
});
export type OpenedView = typeof OpenedView.Type;

/** `type` of the message that a view which has ended posts to the page around it. */
export const viewEndedMessage = "threadbox.view.ended";
