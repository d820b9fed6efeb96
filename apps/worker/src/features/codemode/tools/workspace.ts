import { Effect } from "effect";
import { z } from "zod";
import { decodeEntryPath, decodePath } from "../../files/index.ts";
import { asRefusal } from "../errors.ts";

/** How a program names a file. */
export const pathInput = z.string().min(1).max(4_096).describe("Path in the workspace, without a slash in front.");

export const entryPath = (path: string) => Effect.mapError(decodeEntryPath(path), asRefusal);
export const folderPath = (path: string) => Effect.mapError(decodePath(path), asRefusal);
