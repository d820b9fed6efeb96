export { BesideComputer, ComputerToggle } from "./beside-computer.tsx";
export { openFilesOf } from "./open-files.ts";
export { usePanelOpen } from "./panel-open.ts";
export { showChangesOf, showFileOf } from "./panel-wish.ts";
