import { SandboxName } from "@threadbox/contracts/ids";
import { Schema } from "effect";
import { HostError } from "../errors.ts";

/** `/v1/sandboxes/:name/ports/:port/*` taken apart. */
export interface PortRoute {
  readonly name: SandboxName;
  readonly port: number;
  /** Path and query as the program behind the port gets them. */
  readonly path: string;
}

const isName = Schema.is(SandboxName);
const pattern = /^\/v1\/sandboxes\/([^/?]+)\/ports\/([^/?]+)(\/[^?]*)?(\?.*)?$/;

/** Undefined when the target is another route; throws ValidationError when it is this one with bad parts. */
export const parsePortRoute = (target: string): PortRoute | undefined => {
  const [, name, portText, path = "/", query = ""] = target.match(pattern) ?? [];
  if (name === undefined || portText === undefined) return undefined;
  const port = /^[1-9]\d{0,4}$/.test(portText) ? Number(portText) : 0;
  if (!isName(name)) throw new HostError("ValidationError", "This is not the name of a sandbox.");
  if (port < 1 || port > 65_535) throw new HostError("ValidationError", "This is not a port.");
  return { name, port, path: path + query };
};
