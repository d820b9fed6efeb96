const root = "/workspace/";

/** The place of a link that leads into the thread's workspace, as files there are called; null for one that leads elsewhere. */
export const workspacePathOf = (href: string): string | null => {
  const [address = ""] = href.split(/[#?]/, 1);
  if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(address)) return null;
  const inside = address.startsWith(root) ? address.slice(root.length) : address;
  if (inside.startsWith("/") || inside.startsWith("~")) return null;
  let path: string;
  try {
    path = decodeURIComponent(inside);
  } catch {
    return null;
  }
  const names = path
    .replace(/:\d+(?:[-:]\d+)?$/, "")
    .split("/")
    .filter((name) => name !== "." && name !== "");
  return names.length === 0 || names.includes("..") || path.includes("\0") ? null : names.join("/");
};
