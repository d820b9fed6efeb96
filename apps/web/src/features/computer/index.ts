export { BesideComputer, ComputerToggle } from "./beside-computer.tsx";
export { usePanelOpen } from "./panel-open.ts";
