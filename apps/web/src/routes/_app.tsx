import { createFileRoute, Outlet } from "@tanstack/react-router";
import { RequireSession } from "../features/auth/index.ts";
import { OutboxDelivery } from "../features/chat/index.ts";
import { AppShell, ShellSkeleton } from "../features/shell/index.ts";
import { ThreadTokensProvider } from "../features/thread-token/index.ts";

export const Route = createFileRoute("/_app")({
  component: () => (
    <RequireSession fallback={<ShellSkeleton />}>
      <ThreadTokensProvider>
        <AppShell>
          <Outlet />
        </AppShell>
        <OutboxDelivery />
      </ThreadTokensProvider>
    </RequireSession>
  ),
});
