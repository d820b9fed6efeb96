export { Approvals } from "./later-approvals.tsx";
export { NoTrial } from "./no-trial.tsx";
export { UnaskedPrograms } from "./unasked-programs.tsx";
