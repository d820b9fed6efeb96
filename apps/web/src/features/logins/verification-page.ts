import { type LoginFlow, verificationHosts } from "@threadbox/contracts/logins";

/** The address of OpenAI's page; null where the worker's answer leads anywhere else. */
export const verificationPage = ({ verificationUri }: Pick<LoginFlow, "verificationUri">): URL | null => {
  const url = verificationUri === null ? null : URL.parse(verificationUri);
  return url?.protocol === "https:" && verificationHosts.includes(url.host) ? url : null;
};
