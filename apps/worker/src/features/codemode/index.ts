export { programMachineLayer } from "./machine.ts";
export { codemodeRoutes } from "./routes.ts";
