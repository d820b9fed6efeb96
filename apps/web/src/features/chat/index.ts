export { NewThreadPage } from "./new-thread-page.tsx";
export { ThreadPage } from "./thread-page.tsx";
