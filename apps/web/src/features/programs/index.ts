export { LaterProgramRuns as ProgramRuns } from "./later-program-runs.tsx";
