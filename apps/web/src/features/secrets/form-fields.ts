/** A field of a form as text; one that is missing is empty. */
export const textOf = (fields: FormData, name: string): string => String(fields.get(name) ?? "");

/** The same without what was typed around it. */
export const wordOf = (fields: FormData, name: string): string => textOf(fields, name).trim();
