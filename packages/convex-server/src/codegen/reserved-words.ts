/** Names that `api.d.ts` may not use as an identifier: its own, and the language's. */
export const reservedWords: ReadonlySet<string> = new Set(
  (
    "fullApi api internal components " +
    "break case catch class const continue debugger default delete do else export extends false finally for function " +
    "if import in instanceof new null return super switch this throw true try typeof var void while with let static " +
    "yield await enum implements interface package private protected public"
  ).split(" "),
);
