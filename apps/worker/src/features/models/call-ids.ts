import { Predicate } from "effect";
import { field } from "./field.ts";

interface KnownCall {
  /** As the model has it. */
  readonly id: unknown;
  /** Both as OpenCode has them. */
  readonly uniqueId: string;
  readonly uniqueIndex: number;
}

const answeredId = /"tool_call_id"\s*:\s*"([^"\\]+)"/g;

/** Ids of the tool calls in a conversation so far, from the JSON of its request; every call has its result there. */
export const callIdsIn = (request: string): readonly string[] =>
  [...request.matchAll(answeredId)].flatMap(([, id]) => id ?? []);

/**
 * Gives every tool call of an answer an id and an index that no other call has: some models repeat theirs, and OpenCode
 * carries out one call of each. New ids have the form that the strictest provider takes back: nine letters or digits.
 */
export class CallIds {
  readonly #known: () => readonly string[];
  #ids: Set<string> | null = null;
  #hasMended = false;
  readonly #indexes = new Set<number>();
  /** The call that pieces under an index belong to. */
  readonly #calls = new Map<number, KnownCall>();
  #count = 0;

  /** `known`: the ids of the conversation so far, asked for with the first call. */
  constructor(known: () => readonly string[]) {
    this.#known = known;
  }

  /** A call has not kept its id or index: its later pieces must not either. */
  get hasMended(): boolean {
    return this.#hasMended;
  }

  /** The pieces of tool calls as OpenCode may have them; the same list where nothing is wrong with it. */
  take(calls: readonly unknown[]): readonly unknown[] {
    const mended = calls.map((call, position) => this.#call(call, position));
    return mended.every((call, position) => call === calls[position]) ? calls : mended;
  }

  #call(call: unknown, position: number): unknown {
    if (!Predicate.isObject(call)) return call;
    const given = field(call, "index");
    const index = Predicate.isNumber(given) ? given : position;
    const id = field(call, "id");
    const name = field(field(call, "function"), "name");
    const isNew = Predicate.isString(id) && id !== "" && Predicate.isString(name) && name !== "";
    const last = this.#calls.get(index);
    const known = last !== undefined && (!isNew || id === last.id) ? last : this.#begin(index, id);
    const isRight = known.uniqueIndex === given && (known.uniqueId === id || (id === undefined && last === known));
    if (isRight) return call;
    this.#hasMended = true;
    return { ...call, index: known.uniqueIndex, ...(id === undefined && last === known ? {} : { id: known.uniqueId }) };
  }

  #begin(index: number, id: unknown): KnownCall {
    let uniqueIndex = index;
    while (this.#indexes.has(uniqueIndex)) uniqueIndex += 1;
    const call = { id, uniqueId: this.#uniqueId(id), uniqueIndex };
    this.#indexes.add(uniqueIndex);
    this.#calls.set(index, call);
    return call;
  }

  #uniqueId(id: unknown): string {
    this.#ids ??= new Set(this.#known());
    let unique = Predicate.isString(id) ? id : "";
    while (unique === "" || this.#ids.has(unique)) {
      this.#count += 1;
      unique = this.#count.toString(36).padStart(9, "0");
    }
    this.#ids.add(unique);
    return unique;
  }
}
