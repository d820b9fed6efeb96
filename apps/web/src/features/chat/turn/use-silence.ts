import { useState } from "react";

/** Whoever watches for longer wants to know what is being waited for. */
const silenceMsMin = 10_000;

/** Whether what is watched has stayed as it is for long, as far as this page has seen; by the page's common clock. */
export const useSilence = (news: string, now: number): boolean => {
  const [heard, setHeard] = useState({ news, at: now });
  const isNews = heard.news !== news;
  if (isNews) setHeard({ news, at: now });
  return !isNews && now - heard.at >= silenceMsMin;
};
