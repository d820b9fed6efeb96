export { OwnedList } from "./owned-list.tsx";
export { type Act, useOwnedList } from "./use-owned-list.ts";
