export { decodeEntryPath, decodePath } from "./file-path.ts";
export { lookAtFile, openFile, type SeenFile } from "./open-file.ts";
export { fileRoutes } from "./routes.ts";
export { foundFiles, searchProgram } from "./search.ts";
