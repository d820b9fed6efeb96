import { createRouter } from "@tanstack/react-router";
import { PageCrash } from "./lib/page-crash.tsx";
import { currentNonce } from "./lib/request.ts";
import { routeTree } from "./routeTree.gen.ts";

export function getRouter() {
  const nonce = currentNonce();
  return createRouter({
    routeTree,
    scrollRestoration: true,
    defaultPreload: "intent",
    defaultErrorComponent: PageCrash,
    ...(nonce === undefined ? {} : { ssr: { nonce } }),
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof getRouter>;
  }
}
