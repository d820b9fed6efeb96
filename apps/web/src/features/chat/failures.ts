/** What goes wrong in a conversation, in one file with the words of errors. */
export { FailedDelivery } from "./failed-delivery.tsx";
export { FailedTurn } from "./failed-turn.tsx";
export { ThreadProblem } from "./thread-problem.tsx";
