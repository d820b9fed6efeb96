/**
 * Where to go after sign-in. The value comes from an address or from the identity provider's redirect, so only a path
 * of this app is taken.
 */
export const safeReturnPath = (value: unknown): string => {
  if (typeof value !== "string" || !value.startsWith("/")) return "/";
  const base = "http://app.invalid";
  if (!URL.canParse(value, base)) return "/";
  const url = new URL(value, base);
  const isOwn =
    url.origin === base && !url.pathname.startsWith("//") && !/^\/(sign-in|callback)(\/|$)/.test(url.pathname);
  return isOwn ? `${url.pathname}${url.search}` : "/";
};
