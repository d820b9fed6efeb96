export { Approvals } from "./later-approvals.tsx";
export { UnaskedPrograms } from "./unasked-programs.tsx";
