/** What an answer's tools and its running turn look like: one file, since an answer that has one has the others. */
export { ToolWork } from "../tools/tool-work.tsx";
export { TurnStatus } from "../turn/turn-status.tsx";
export { TurnSteps } from "../turn/turn-steps.tsx";
