export { TerminalTab as default } from "./terminal-tab.tsx";
