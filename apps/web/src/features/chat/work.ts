/** What an answer's tools and its running turn look like: one file, since an answer that has one has the others. */
export { ToolWork } from "./tool-work.tsx";
export { TurnStatus } from "./turn-status.tsx";
export { TurnSteps } from "./turn-steps.tsx";
