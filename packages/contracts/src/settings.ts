import * as Result from "effect/Result";
import * as Schema from "effect/Schema";

/** One variable of a process's environment: what it must hold, in the words in which a wrong one is refused. */
export interface Setting<A> {
  readonly decode: (text: string) => Result.Result<A, unknown>;
  /** Completes "is not …": "a port number from 1 to 65535". */
  readonly expected: string;
  /** Whether a refused value is quoted. Never where it may hold a secret, as addresses and pasted keys do. */
  readonly isQuoted: boolean;
  /** What one that is absent stands for; without it, it is refused. */
  readonly whenAbsent?: { readonly text: string | undefined };
}

export type Settings = Readonly<Record<string, Setting<unknown>>>;
export type DecodedSettings<T extends Settings> = {
  readonly [Key in keyof T]: T[Key] extends Setting<infer A> ? A : never;
};
export type Environment = Readonly<Record<string, string | undefined>>;

export interface SettingProblem {
  readonly key: string;
  /** Names the key, what it holds where that may be seen, and what is expected. */
  readonly sentence: string;
}

export const setting = <A>(schema: Schema.Codec<A, string>, expected: string, isQuoted = false): Setting<A> => ({
  decode: Schema.decodeUnknownResult(schema),
  expected,
  isQuoted,
});

/** The same setting, standing for `text` where it is absent. */
export const withDefault = <A>(own: Setting<A>, text: string): Setting<A> => ({
  ...own,
  expected: `${own.expected} (default ${text})`,
  whenAbsent: { text },
});

/** The same setting, undefined where it is absent; `meaning` says what is done then. */
export const optional = <A>(own: Setting<A>, meaning?: string): Setting<A | undefined> => ({
  ...own,
  expected: meaning === undefined ? own.expected : `${own.expected} (default ${meaning})`,
  whenAbsent: { text: undefined },
});

interface ParsedUrl {
  readonly protocol: string;
  readonly origin: string;
}

/** Every runtime has it, though no library of types is common to all. */
declare const URL: { readonly parse: (text: string) => ParsedUrl | null };

const isHttp = ({ protocol }: ParsedUrl) => protocol === "http:" || protocol === "https:";
const text = (accepts: (text: string) => boolean) => Schema.String.check(Schema.makeFilter(accepts));

/** Any text but an empty one. `what` is a noun with its article. */
export const textSetting = (what: string) => setting(Schema.String, what);

/** Text for which `accepts` holds. */
export const checkedText = (accepts: (text: string) => boolean, what: string, isQuoted = false) =>
  setting(text(accepts), what, isQuoted);

/** An origin, spelled as browsers spell it. */
export const originSetting = (example: string) =>
  checkedText((value) => {
    const url = URL.parse(value);
    return url !== null && isHttp(url) && url.origin === value;
  }, `an origin such as ${example}`);

/** An http or https address, as it is given. */
export const addressSetting = (example: string) =>
  checkedText((value) => {
    const url = URL.parse(value);
    return url !== null && isHttp(url);
  }, `an http(s) address such as ${example}`);

/** A whole number in digits, from `min` to `max`. */
export const wholeNumber = (min: number, max: number, what = "a whole number") =>
  setting(
    Schema.String.check(Schema.isPattern(/^\d{1,15}$/)).pipe(
      Schema.decodeTo(Schema.FiniteFromString.check(Schema.isBetween({ minimum: min, maximum: max }))),
    ),
    `${what} from ${min} to ${max}`,
    true,
  );

/** A port; `min` is 0 where a free one may be taken. */
export const portSetting = (min: 0 | 1 = 1) => wholeNumber(min, 65_535, "a port number");

/** One of a few words. */
export const choice = <const Word extends string>(...words: readonly [Word, ...Word[]]) =>
  setting(Schema.Literals(words), words.join(" or "), true);

export const flagSetting = choice("true", "false");

const quotedMax = 60;
const quote = (value: string) => JSON.stringify(value.length > quotedMax ? `${value.slice(0, quotedMax)}…` : value);

const decodeOne = (key: string, own: Setting<unknown>, environment: Environment): Result.Result<unknown, string> => {
  const { expected, isQuoted, whenAbsent } = own;
  const given = environment[key]?.trim() || undefined;
  if (given === undefined && whenAbsent === undefined) return Result.fail(`${key} is not set; it takes ${expected}`);
  const value = given ?? whenAbsent?.text;
  if (value === undefined) return Result.succeed(undefined);
  const refused = isQuoted ? `${key} is ${quote(value)}, not ${expected}` : `${key} is not ${expected}`;
  return Result.mapError(own.decode(value), () => refused);
};

/** Decodes an environment; an empty value counts as absent. Fails with a problem for each setting that is wrong. */
export const decodeSettings = <const T extends Settings>(
  settings: T,
  environment: Environment,
): Result.Result<DecodedSettings<T>, readonly SettingProblem[]> => {
  const problems: SettingProblem[] = [];
  const decoded: Record<string, unknown> = {};
  for (const [key, own] of Object.entries(settings)) {
    const one = decodeOne(key, own, environment);
    if (Result.isFailure(one)) problems.push({ key, sentence: one.failure });
    else decoded[key] = one.success;
  }
  // Every key of the table has been decoded by the setting that stands there.
  return problems.length > 0 ? Result.fail(problems) : Result.succeed(decoded as DecodedSettings<T>);
};
