import { type CredentialHandle, handlePattern } from "./handles.ts";

const basic = /^(Basic +)([A-Za-z0-9+/]+=*)$/i;

/** The user and password of a Basic header; null: it is none. */
export const decodeBasic = (header: string): { readonly scheme: string; readonly text: string } | null => {
  const [, scheme, encoded] = basic.exec(header) ?? [];
  if (scheme === undefined || encoded === undefined) return null;
  try {
    return { scheme, text: atob(encoded) };
  } catch {
    return null;
  }
};

const handlesIn = (text: string): readonly CredentialHandle[] => text.match(handlePattern) ?? [];

/** Every handle in a request's address and headers, once; bodies are not looked at. */
export const findHandles = (request: Pick<Request, "url" | "headers">): readonly CredentialHandle[] => {
  const texts = [...request.headers.values()].flatMap((value) => [value, decodeBasic(value)?.text ?? ""]);
  return [...new Set([request.url, ...texts].flatMap(handlesIn))];
};

export interface Replaced {
  readonly url: string;
  readonly headers: Headers;
  /** Every form in which a value has been written into the request. */
  readonly written: readonly string[];
}

/** Puts a value in the place of each handle, in the form that the place wants. */
export const replaceHandles = (
  request: Pick<Request, "url" | "headers">,
  values: ReadonlyMap<CredentialHandle, string>,
): Replaced => {
  const written = new Set<string>();
  const fill = (text: string, form: (value: string) => string): string =>
    text.replace(handlePattern, (handle) => {
      const value = values.get(handle);
      if (value === undefined) return handle;
      written.add(form(value));
      return form(value);
    });
  const plain = (value: string) => value;
  const fillHeader = (header: string): string => {
    const found = decodeBasic(header);
    if (found === null) return fill(header, plain);
    const encoded = btoa(fill(found.text, plain));
    if (handlesIn(found.text).length > 0) written.add(encoded);
    return `${found.scheme}${encoded}`;
  };
  const headers = new Headers();
  for (const [name, value] of request.headers) headers.append(name, fillHeader(value));
  return { url: fill(request.url, encodeURIComponent), headers, written: [...written] };
};
