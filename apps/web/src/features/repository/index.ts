export { default } from "./start-from.tsx";
