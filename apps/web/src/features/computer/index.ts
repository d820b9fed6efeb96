export { BesideComputer, ComputerToggle } from "./beside-computer.tsx";
export { openFilesOf } from "./open-files.ts";
export { usePanelOpen } from "./panel-open.ts";
export { showChangesOf, showFileOf, showLargestOf } from "./panel-wish.ts";
