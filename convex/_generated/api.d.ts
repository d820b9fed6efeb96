/* eslint-disable */
/**
 * Generated `api` utility.
 *
 * THIS CODE IS AUTOMATICALLY GENERATED.
 *
 * To regenerate, run `npx convex dev`.
 * @module
 */

import type {
  ApiFromModules,
  FilterApi,
  FunctionReference,
} from "convex/server";
import type * as audit from "../audit.js";
import type * as functions from "../functions.js";
import type * as journal from "../journal.js";
import type * as messages from "../messages.js";
import type * as model_activity from "../model/activity.js";
import type * as model_audit from "../model/audit.js";
import type * as model_auditValidators from "../model/auditValidators.js";
import type * as model_branches from "../model/branches.js";
import type * as model_deletion from "../model/deletion.js";
import type * as model_errors from "../model/errors.js";
import type * as model_features from "../model/features.js";
import type * as model_journal from "../model/journal.js";
import type * as model_journalValidators from "../model/journalValidators.js";
import type * as model_messageOwners from "../model/messageOwners.js";
import type * as model_messageSearch from "../model/messageSearch.js";
import type * as model_messageValidators from "../model/messageValidators.js";
import type * as model_messages from "../model/messages.js";
import type * as model_namedThreads from "../model/namedThreads.js";
import type * as model_outbox from "../model/outbox.js";
import type * as model_ownerSearch from "../model/ownerSearch.js";
import type * as model_projection from "../model/projection.js";
import type * as model_sandboxAudit from "../model/sandboxAudit.js";
import type * as model_sandboxValidators from "../model/sandboxValidators.js";
import type * as model_sandboxes from "../model/sandboxes.js";
import type * as model_snippet from "../model/snippet.js";
import type * as model_threadSearch from "../model/threadSearch.js";
import type * as model_threadViews from "../model/threadViews.js";
import type * as model_threads from "../model/threads.js";
import type * as model_titles from "../model/titles.js";
import type * as model_turnValidators from "../model/turnValidators.js";
import type * as model_users from "../model/users.js";
import type * as model_viewer from "../model/viewer.js";
import type * as sandboxes from "../sandboxes.js";
import type * as threads from "../threads.js";
import type * as users from "../users.js";

/**
 * A utility for referencing Convex functions in your app's API.
 *
 * Usage:
 * ```js
 * const myFunctionReference = api.myModule.myFunction;
 * ```
 */
declare const fullApi: ApiFromModules<{
  audit: typeof audit;
  functions: typeof functions;
  journal: typeof journal;
  messages: typeof messages;
  "model/activity": typeof model_activity;
  "model/audit": typeof model_audit;
  "model/auditValidators": typeof model_auditValidators;
  "model/branches": typeof model_branches;
  "model/deletion": typeof model_deletion;
  "model/errors": typeof model_errors;
  "model/features": typeof model_features;
  "model/journal": typeof model_journal;
  "model/journalValidators": typeof model_journalValidators;
  "model/messageOwners": typeof model_messageOwners;
  "model/messageSearch": typeof model_messageSearch;
  "model/messageValidators": typeof model_messageValidators;
  "model/messages": typeof model_messages;
  "model/namedThreads": typeof model_namedThreads;
  "model/outbox": typeof model_outbox;
  "model/ownerSearch": typeof model_ownerSearch;
  "model/projection": typeof model_projection;
  "model/sandboxAudit": typeof model_sandboxAudit;
  "model/sandboxValidators": typeof model_sandboxValidators;
  "model/sandboxes": typeof model_sandboxes;
  "model/snippet": typeof model_snippet;
  "model/threadSearch": typeof model_threadSearch;
  "model/threadViews": typeof model_threadViews;
  "model/threads": typeof model_threads;
  "model/titles": typeof model_titles;
  "model/turnValidators": typeof model_turnValidators;
  "model/users": typeof model_users;
  "model/viewer": typeof model_viewer;
  sandboxes: typeof sandboxes;
  threads: typeof threads;
  users: typeof users;
}>;
export declare const api: FilterApi<
  typeof fullApi,
  FunctionReference<any, "public">
>;
export declare const internal: FilterApi<
  typeof fullApi,
  FunctionReference<any, "internal">
>;
