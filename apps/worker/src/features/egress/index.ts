export { EgressInterceptors } from "./interceptor.ts";
