export { type EgressCall, EgressInterceptors } from "./interceptor.ts";
