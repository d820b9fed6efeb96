/** How far the server's clock is ahead of this device's, in milliseconds; `heardAt` is this device's time of the answer. */
export const clockAhead = (serverNow: number, heardAt: number): number => serverNow - heardAt;

/** Milliseconds until then by the server's clock, never below 0. */
export const leftMs = (expiresAt: number, now: number, ahead: number): number => Math.max(0, expiresAt - (now + ahead));

/** Minutes and seconds: 14:32. */
export const leftText = (ms: number): string => {
  const seconds = Math.ceil(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
};

/** What a screen reader is told of it: nothing at each second, a sentence below five minutes and another below one. */
export const leftAnnouncement = (ms: number): string => {
  if (ms <= 0) return "";
  if (ms <= 60_000) return "The code expires in less than a minute.";
  return ms <= 300_000 ? "The code expires in less than 5 minutes." : "";
};

/** The part of the code's life that is left, from 0 to 1. */
export const leftShare = (ms: number, lifeMs: number): number => (lifeMs <= 0 ? 0 : Math.min(1, ms / lifeMs));
