/** What goes wrong in a conversation, in one file with the words of errors, and the way back. */
export { FailedTurn } from "./failed-turn.tsx";
export { OffshootFromAnswer } from "./offshoot-from-answer.tsx";
export { RestoreBeforeMessage } from "./restore-before-message.tsx";
export { ThreadProblem } from "./thread-problem.tsx";
