import { AuthKitProvider, LoginRequiredError, useAuth } from "@workos-inc/authkit-react";
import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from "react";
import { pageConfig } from "../../lib/request.ts";
import { safeReturnPath } from "./return-path.ts";

export interface SignedInUser {
  readonly name: string;
  readonly email: string;
}

/** The browser's login session. */
export interface LoginSession {
  /** `ended`: it was there, and the identity provider no longer honours it. */
  readonly status: "loading" | "signedIn" | "signedOut" | "ended";
  readonly user: SignedInUser | null;
  /** The path to open once `/callback` has signed the user in. */
  readonly returnPath: string;
  /** Rejects when the session has ended, or when the identity provider cannot be reached. */
  readonly getAccessToken: (options?: { readonly forceRefresh?: boolean }) => Promise<string>;
  readonly signIn: (returnPath: string) => Promise<void>;
  readonly signOut: () => void;
}

const LoginSessionContext = createContext<LoginSession | null>(null);

export const useLoginSession = (): LoginSession => {
  const session = useContext(LoginSessionContext);
  if (session === null) throw new Error("useLoginSession needs LoginSessionProvider above it.");
  return session;
};

const nameOf = (user: { firstName: string | null; lastName: string | null; email: string }): string =>
  [user.firstName, user.lastName].filter(Boolean).join(" ") || user.email;

interface BridgeProps {
  readonly hasEnded: boolean;
  readonly onEnd: () => void;
  readonly returnPath: string;
  readonly children: ReactNode;
}

function LoginSessionBridge({ hasEnded, onEnd, returnPath, children }: BridgeProps) {
  const auth = useAuth();
  const current = useRef(auth);
  current.current = auth;

  // AuthKit hands out new functions at every render; everything that subscribes to them would start over.
  const getAccessToken = useCallback<LoginSession["getAccessToken"]>(
    async (options) => {
      try {
        return await current.current.getAccessToken(options);
      } catch (error) {
        if (error instanceof LoginRequiredError && current.current.user !== null) onEnd();
        throw error;
      }
    },
    [onEnd],
  );
  const signIn = useCallback((path: string) => current.current.signIn({ state: { returnPath: path } }), []);
  const signOut = useCallback(() => current.current.signOut({ returnTo: `${pageConfig().appOrigin}/sign-in` }), []);

  const { isLoading, user } = auth;
  const session = useMemo<LoginSession>(
    () => ({
      status: isLoading ? "loading" : hasEnded ? "ended" : user === null ? "signedOut" : "signedIn",
      user: user === null ? null : { name: nameOf(user), email: user.email },
      returnPath,
      getAccessToken,
      signIn,
      signOut,
    }),
    [isLoading, hasEnded, user, returnPath, getAccessToken, signIn, signOut],
  );
  return <LoginSessionContext value={session}>{children}</LoginSessionContext>;
}

export function LoginSessionProvider({ children }: { readonly children: ReactNode }) {
  const { appOrigin, auth } = pageConfig();
  const [hasEnded, setHasEnded] = useState(false);
  const [returnPath, setReturnPath] = useState("/");
  const onEnd = useCallback(() => setHasEnded(true), []);
  return (
    <AuthKitProvider
      clientId={auth.clientId}
      apiHostname={auth.apiHostname}
      https={auth.https}
      devMode={auth.devMode}
      {...(auth.port === undefined ? {} : { port: auth.port })}
      redirectUri={`${appOrigin}/callback`}
      onRedirectCallback={({ state }) => setReturnPath(safeReturnPath(state?.returnPath))}
      onRefreshFailure={onEnd}
    >
      <LoginSessionBridge hasEnded={hasEnded} onEnd={onEnd} returnPath={returnPath}>
        {children}
      </LoginSessionBridge>
    </AuthKitProvider>
  );
}
