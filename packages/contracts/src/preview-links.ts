import { Schema } from "effect";

/**
 * A preview link shows what listens on one port of one thread's sandbox to whoever has it, without an account. Its page
 * stands on the view domain itself, where no sandbox serves anything; what the sandbox serves comes in a frame of a view's.
 */
export const previewPage = {
  /** The visitor's page. The link's seal follows as the address's fragment, which no server is sent. */
  path: "/preview",
  /** `POST` (`VisitPreview` → `OpenedPreview`): a way into the view. */
  openPath: "/preview/open",
  /** `POST` (`VisitPreview` → `PreviewSight`): how it stands, while a page is open. */
  lookPath: "/preview/look",
  /** Seconds between two looks of a visitor's page: a revoked link's page is gone after that. */
  lookSeconds: 3,
} as const;

export const previewLinkLimits = {
  /** Links of one thread that are good at once. */
  perThreadMax: 20,
} as const;

/** Seconds for which a link may be good. */
export const previewLinkSeconds = { hour: 3_600, day: 86_400, week: 604_800 } as const;

const Port = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 65_535 }));

/** Body of `POST /api/sandbox/:threadId/preview-links`. */
export const MakePreviewLink = Schema.Struct({
  port: Port,
  lifetime: Schema.Literals(["hour", "day", "week"]),
});
export type MakePreviewLink = typeof MakePreviewLink.Type;

/** A link that is good now. Its address is told once, when it is made. */
export interface PreviewLink {
  readonly id: string;
  readonly port: number;
  /** Milliseconds since 1970, as below. */
  readonly madeAt: number;
  readonly expiresAt: number;
}

export interface MadePreviewLink {
  readonly link: PreviewLink;
  readonly url: string;
}

/** Answer of `GET /api/sandbox/:threadId/preview-links`: the newest first. */
export interface PreviewLinks {
  readonly links: readonly PreviewLink[];
}

/** What a visitor's page shows of its right. */
export const VisitPreview = Schema.Struct({ link: Schema.String.check(Schema.isMaxLength(2_048)) });
export type VisitPreview = typeof VisitPreview.Type;

/** How what is shared stands. A later `generation` ends the views of an earlier one. */
export interface PreviewSight {
  readonly port: number;
  readonly expiresAt: number;
  readonly generation: number;
}

export interface OpenedPreview extends PreviewSight {
  /** Address that opens the view, once and within a ticket's seconds. */
  readonly url: string;
}
