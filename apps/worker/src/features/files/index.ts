export { decodeEntryPath } from "./file-path.ts";
export { fileRoutes } from "./routes.ts";
