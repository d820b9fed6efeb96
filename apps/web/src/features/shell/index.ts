export { AppShell } from "./app-shell.tsx";
export { ShellSkeleton } from "./shell-skeleton.tsx";
