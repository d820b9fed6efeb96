import { sandboxHostApi } from "@threadbox/contracts/sandbox-host";
import { HostError } from "../errors.ts";

/** The generation that a caller means, from the header's value; undefined when it does not say. */
export const parseGeneration = (header: string | readonly string[] | undefined): number | undefined => {
  if (header === undefined) return undefined;
  if (typeof header !== "string" || !/^[1-9]\d{0,14}$/.test(header)) {
    throw new HostError("ValidationError", `The ${sandboxHostApi.generationHeader} header is not a generation.`);
  }
  return Number(header);
};
