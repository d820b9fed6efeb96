import { cutText } from "@threadbox/contracts/cut-text";
import { projectedPartsBytesMax } from "@threadbox/contracts/limits";
import { Predicate } from "effect";
import type { TranscriptPart } from "../opencode/index.ts";

const encoder = new TextEncoder();
const bytesOf = (value: unknown): number => encoder.encode(JSON.stringify(value)).length;

/** Longest string inside a tool call, tried in this order until the message fits. */
const toolLimits = [32_768, 8_192, 2_048, 256] as const;
const note = "\n… cut, because the message grew too long.";

const cut = (text: string, limit: number): string => (text.length > limit ? `${cutText(text, limit)}${note}` : text);

const cutDeep = (value: unknown, limit: number): unknown => {
  if (Predicate.isString(value)) return cut(value, limit);
  if (Array.isArray(value)) return value.map((item) => cutDeep(item, limit));
  if (!Predicate.isObject(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, cutDeep(item, limit)] as const);
  const isCut = Predicate.hasProperty(value, "text") && Predicate.isString(value.text) && value.text.length > limit;
  return Object.fromEntries(isCut && "isTruncated" in value ? [...entries, ["isTruncated", true]] : entries);
};

const cutTool = (part: TranscriptPart, limit: number): TranscriptPart => {
  if (part.type !== "dynamic-tool") return part;
  const input = cutDeep(part.input, limit);
  if (part.state === "output-available") return { ...part, input, output: cutDeep(part.output, limit) };
  if (part.state === "output-error") return { ...part, input, errorText: cut(part.errorText, limit) };
  return part;
};

/** The longest strings of tool calls give way first, then text; what a person wrote or reads last is kept longest. */
export const fitParts = (
  parts: readonly TranscriptPart[],
  bytesMax: number = projectedPartsBytesMax,
): readonly TranscriptPart[] => {
  if (bytesOf(parts) <= bytesMax) return parts;
  for (const limit of toolLimits) {
    const fitted = parts.map((part) => cutTool(part, limit));
    if (bytesOf(fitted) <= bytesMax) return fitted;
  }
  const cutTools = parts.map((part) => cutTool(part, 256));
  for (let limit = bytesMax; limit > 1; limit = Math.floor(limit / 2)) {
    const fitted = cutTools.map((part) => ("text" in part ? { ...part, text: cut(part.text, limit) } : part));
    if (bytesOf(fitted) <= bytesMax) return fitted;
  }
  return [];
};
