import { Predicate } from "effect";

/** What an object of unknown shape has under this name; undefined where it is no object, or has nothing. */
export const field = (value: unknown, name: string): unknown =>
  Predicate.hasProperty(value, name) ? value[name] : undefined;
