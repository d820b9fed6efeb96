const protocols = new Set(["http:", "https:", "mailto:"]);

/** The address of a link that model text may carry, or null: then its words are shown and lead nowhere. */
export const safeLink = (href: unknown): string | null => {
  if (typeof href !== "string" || !URL.canParse(href)) return null;
  const url = new URL(href);
  return protocols.has(url.protocol) ? url.href : null;
};
