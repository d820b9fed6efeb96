import { createServer } from "node:net";
import { portKeyOf, type StackConfiguration } from "./configuration.ts";
import { StartRefusal } from "./start-refusal.ts";

/** The error code with which the system refuses to listen there; undefined when it does not. */
const refusalOf = (port: number, host: string): Promise<string | undefined> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    probe.listen(port, host, () => probe.close(() => resolve(undefined)));
  });

/** What a machine without IPv6 says of `::1`. */
const withoutIpv6 = ["EADDRNOTAVAIL", "EAFNOSUPPORT"];

/**
 * What keeps this product from a loopback port. A browser takes `localhost` names for both loopback addresses, so a
 * stranger on either would be taken for the product.
 */
export const portProblem = async (
  port: number,
  ask: typeof refusalOf = refusalOf,
): Promise<"taken" | "forbidden" | undefined> => {
  const onIpv6 = await ask(port, "::1");
  const codes = [await ask(port, "127.0.0.1"), withoutIpv6.includes(onIpv6 ?? "") ? undefined : onIpv6];
  if (codes.includes("EACCES")) return "forbidden";
  return codes.some((code) => code !== undefined) ? "taken" : undefined;
};

/** Refuses the start when one of the configured ports cannot be had. */
export const requireFreePorts = async (ports: StackConfiguration["ports"]): Promise<void> => {
  for (const name of Object.keys(ports) as (keyof typeof ports)[]) {
    const problem = await portProblem(ports[name]);
    if (!problem) continue;
    const choose = `hoose another with ${portKeyOf(name)}=<port>.`;
    throw new StartRefusal(
      problem === "taken"
        ? `port ${ports[name]} is already in use. Free it, or c${choose}`
        : `port ${ports[name]} needs rights that this user doesn't have. C${choose}`,
    );
  }
};
