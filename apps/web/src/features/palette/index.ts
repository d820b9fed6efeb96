export { CommandWindows } from "./command-windows.tsx";
