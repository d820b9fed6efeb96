/**
 * A view's cookie is for secure connections alone. Chromium and Firefox count `*.localhost` as one; WebKit wants https, under
 * whatever name its browser goes.
 */
export const keepsViewCookie = (protocol: string, userAgent: string): boolean =>
  protocol === "https:" || !/AppleWebKit\//.test(userAgent) || /Chrom(?:e|ium)\//.test(userAgent);
