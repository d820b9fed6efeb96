export { makeOpenCodeClient, type OpenCodeError } from "./client.ts";
export { type ModelRefusal, type ModelRefusalKind, markModelRefusal } from "./model-refusal.ts";
export { newPromptId } from "./prompt-id.ts";
export type { TurnListener, TurnOutcome } from "./run.ts";
export { contributeOpenCode } from "./start-contribution.ts";
export { interruptedCall } from "./tool-call.ts";
export type { TranscriptPart } from "./transcript.ts";
export { runTurn } from "./turn.ts";
export { turnError } from "./turn-error.ts";
