import { previewLinkLimits } from "@threadbox/contracts/preview-links";
import { Schema } from "effect";
import { refuser } from "../../http/failure.ts";

const refusals = {
  TokenMissing: "This view isn’t open in this browser. Open it from its thread.",
  TokenInvalid: "This view has ended. Open it again from its thread.",
  SandboxInterrupted: "This view has ended because its sandbox restarted or went to sleep.",
  CsrfRejected: "This request does not come from this view.",
  OriginRejected: "This origin may not open a connection.",
  CapabilityDenied: "This part of OpenCode is managed by Threadbox and isn’t available here.",
  PathRejected: "This path is not acceptable.",
  MethodNotAllowed: "This method is not allowed here.",
  BodyTooLarge: "The request is too large.",
  NotFound: "There is nothing at this address.",
  UpstreamError: "Nothing answers on this port. Reload when the server runs.",
} as const;
export type ViewRefusal = keyof typeof refusals;

/** A request to a view's origin that goes no further. */
export const refused = refuser(refusals);

/** The Durable Object of a user's views cannot be asked; nobody is let in meanwhile. */
export class ViewsUnknownError extends Schema.TaggedError<ViewsUnknownError>()("ViewsUnknownError", {}) {
  readonly wireTag = "StoreUnavailable" as const;
  override get message() {
    return "Can’t check this view right now.";
  }
}

/** The thread has as many preview links as it may. */
export class LinksFullError extends Schema.TaggedError<LinksFullError>()("LinksFullError", {}) {
  readonly wireTag = "Conflict" as const;
  override get message() {
    return `This thread has ${previewLinkLimits.perThreadMax} links. Revoke one first.`;
  }
}

const linkRefusals = {
  SignedUrlInvalid: "This link doesn’t work any more. Ask whoever sent it to you for a new one.",
  SandboxUnavailable:
    "What this link shows isn’t running at the moment. The page comes back when somebody works there.",
} as const;

/** A preview link that leads nowhere, or nowhere now. */
export const linkRefused = refuser(linkRefusals);

/** The thread or its owner has OpenCode's own page turned off. */
export class OpenCodeOffError extends Schema.TaggedError<OpenCodeOffError>()("OpenCodeOffError", {}) {
  readonly wireTag = "CapabilityDenied" as const;
  override get message() {
    return "OpenCode’s page is turned off in this thread or in your settings.";
  }
}

/** This installation has no view domain. */
export class ViewsOffError extends Schema.TaggedError<ViewsOffError>()("ViewsOffError", {}) {
  readonly wireTag = "CapabilityDenied" as const;
  override get message() {
    return "Views of a sandbox aren’t set up here.";
  }
}
