/**
 * Every route of the worker consists of these characters. Refusing the rest (escapes, `;`, empty segments) means
 * that there is only one reading of a path, for the router, the token check and the Durable Object alike.
 */
const plainPath = /^(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$|^\/$/;

/** `pathname` is that of a parsed URL, so `.` and `..` segments are resolved already. */
export const isPlainPath = (pathname: string): boolean => plainPath.test(pathname);
