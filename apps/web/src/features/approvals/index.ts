export { Approvals } from "./later-approvals.tsx";
export { NoTrial } from "./no-trial.tsx";
export { SentRequests } from "./sent-requests.tsx";
export { UnaskedPrograms } from "./unasked-programs.tsx";
export { UndoChanges } from "./undo-changes.tsx";
