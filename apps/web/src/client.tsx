import { RouterClient } from "@tanstack/react-router/ssr/client";
import { StrictMode, startTransition } from "react";
import { hydrateRoot } from "react-dom/client";
import { bearForeignChanges } from "./lib/foreign-changes.ts";
import { getRouter } from "./router.tsx";

bearForeignChanges(Node.prototype);

// Start's own entry brings the caller of server functions and its serialiser along, 10 kB that no page needs; what is
// left of it is the router's.
const router = getRouter();
router.options.defaultSsr = false;
startTransition(() => {
  hydrateRoot(
    document,
    <StrictMode>
      <RouterClient router={router} />
    </StrictMode>,
  );
});
