import { api } from "@threadbox/convex/_generated/api";
import { ConvexProviderWithAuth, ConvexReactClient, useConvexAuth, useMutation } from "convex/react";
import { type ReactNode, useCallback, useEffect, useMemo, useState } from "react";
import { pageConfig } from "../../lib/request.ts";
import { useLoginSession } from "./session.tsx";

/** What Convex asks of a session. An unreachable identity provider is not the end of a session: Convex asks again. */
const useConvexSession = () => {
  const { status, getAccessToken } = useLoginSession();
  const fetchAccessToken = useCallback(
    ({ forceRefreshToken }: { forceRefreshToken: boolean }) =>
      getAccessToken({ forceRefresh: forceRefreshToken }).catch(() => null),
    [getAccessToken],
  );
  return useMemo(
    () => ({ isLoading: status === "loading", isAuthenticated: status === "signedIn", fetchAccessToken }),
    [status, fetchAccessToken],
  );
};

/** Keeps the viewer's row in Convex up to date with what the identity provider says. */
function EnsureUser() {
  const { user } = useLoginSession();
  const { isAuthenticated } = useConvexAuth();
  const ensure = useMutation(api.users.ensure);
  const name = user?.name;
  const email = user?.email;
  useEffect(() => {
    if (!isAuthenticated || name === undefined || email === undefined) return;
    // The row is only for show: a failure costs a name in a list and mends itself at the next load.
    ensure({ name, email }).catch(() => undefined);
  }, [isAuthenticated, name, email, ensure]);
  return null;
}

export function ConvexSessionProvider({ children }: { readonly children: ReactNode }) {
  const [client] = useState(() => new ConvexReactClient(pageConfig().convexUrl, { expectAuth: true }));
  return (
    <ConvexProviderWithAuth client={client} useAuth={useConvexSession}>
      <EnsureUser />
      {children}
    </ConvexProviderWithAuth>
  );
}
