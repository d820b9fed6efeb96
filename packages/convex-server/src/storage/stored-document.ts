import { jsonToConvex, type Value } from "convex/values";
import type { Document } from "./documents.ts";

/** The text of a stored document as a value. */
export const readDocument = (text: string): Document => jsonToConvex(JSON.parse(text)) as Document;

/** A document without what the system adds to it: the part that the schema describes. */
export const withoutSystemFields = ({ _id, _creationTime, ...fields }: Document): Record<string, Value> => fields;
