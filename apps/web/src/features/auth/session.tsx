import { AuthKitProvider, LoginRequiredError, useAuth } from "@workos-inc/authkit-react";
import {
  createContext,
  lazy,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { flushSync } from "react-dom";
import { hasMemory } from "../../lib/device-memory.ts";
import { pageConfig } from "../../lib/request.ts";
import { takeDocument } from "./document-owner.ts";
import { endViews } from "./end-views.ts";
import { reachIdentity } from "./reach-identity.ts";
import { forgetSession, isSessionRemembered, rememberSession } from "./remembered-session.ts";
import { safeReturnPath } from "./return-path.ts";

export interface SignedInUser {
  readonly name: string;
  readonly email: string;
  /** What the identity provider says; the servers go by the token, not by this. */
  readonly isAdmin: boolean;
}

/** The browser's login session. */
export interface LoginSession {
  /**
   * `unreachable`: somebody is signed in, and the identity provider, which knows who, does not answer. `leaving`: it is
   * being asked to end the session; `notSignedOut`: it could not be. `signedOut` for good once that was done in any tab.
   * `ended`: the identity provider no longer honours it.
   */
  readonly status: "loading" | "signedIn" | "unreachable" | End;
  readonly user: SignedInUser | null;
  /** The path to open once `/callback` has signed the user in. */
  readonly returnPath: string;
  /** Rejects when the session has ended, or when the identity provider cannot be reached. */
  readonly getAccessToken: (options?: { readonly forceRefresh?: boolean }) => Promise<string>;
  /** Asks once more for the session of an `unreachable` provider. */
  readonly findSession: () => Promise<void>;
  /** Rejects when the identity provider cannot be reached. */
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

/** Where the tabs of one browser tell each other that the user has signed out. */
const channelName = "threadbox-signed-out";

/** How a session that was there is over, or on its way there. */
type End = "leaving" | "notSignedOut" | "signedOut" | "ended";

interface BridgeProps {
  readonly end: End | null;
  readonly onEnd: (end: End) => void;
  readonly returnPath: string;
  readonly children: ReactNode;
}

function LoginSessionBridge({ end, onEnd, returnPath, children }: BridgeProps) {
  const auth = useAuth();
  const current = useRef(auth);
  current.current = auth;

  // AuthKit hands out new functions at every render; everything that subscribes to them would start over.
  const getAccessToken = useCallback<LoginSession["getAccessToken"]>(
    async (options) => {
      try {
        return await current.current.getAccessToken(options);
      } catch (error) {
        if (error instanceof LoginRequiredError && current.current.user !== null) onEnd("ended");
        throw error;
      }
    },
    [onEnd],
  );
  const [absence, setAbsence] = useState<"signedOut" | "unreachable" | null>(null);
  const findSession = useCallback(async () => {
    if (!isSessionRemembered()) return setAbsence("signedOut");
    try {
      await current.current.getAccessToken();
    } catch (error) {
      const isOver = error instanceof LoginRequiredError;
      if (isOver) forgetSession();
      setAbsence(isOver ? "signedOut" : "unreachable");
    }
  }, []);
  const signIn = useCallback(async (path: string) => {
    await reachIdentity();
    await current.current.signIn({ state: { returnPath: path } });
  }, []);
  /** The browser is on its way to the provider: signing in again from here would overtake it. */
  const hasLeft = useRef(false);
  const signOut = useCallback(async () => {
    const { user, signOut: leave, getAccessToken: tokenOf } = current.current;
    // Nothing of the workspace is in the document any more when the browser keeps it for its Back button.
    flushSync(() => onEnd("leaving"));
    try {
      await reachIdentity();
    } catch {
      return onEnd("notSignedOut");
    }
    await endViews(tokenOf);
    forgetSession();
    if (user === null) onEnd("signedOut");
    else {
      hasLeft.current = true;
      leave({ returnTo: `${pageConfig().appOrigin}/sign-in` });
    }
    const channel = new BroadcastChannel(channelName);
    channel.postMessage(null);
    channel.close();
  }, [onEnd]);
  useEffect(() => {
    const channel = new BroadcastChannel(channelName);
    channel.onmessage = () => {
      if (!hasLeft.current) onEnd("signedOut");
    };
    // The Back button may bring this very document again.
    const onShow = () => {
      if (hasLeft.current) onEnd("signedOut");
      hasLeft.current = false;
    };
    window.addEventListener("pageshow", onShow);
    return () => {
      channel.close();
      window.removeEventListener("pageshow", onShow);
    };
  }, [onEnd]);

  const { isLoading, user, role } = auth;
  const isAbsent = !isLoading && user === null;
  useEffect(() => {
    if (isAbsent) void findSession();
  }, [isAbsent, findSession]);
  const session = useMemo<LoginSession>(
    () => ({
      status: end ?? (user !== null && !isLoading ? "signedIn" : ((isAbsent ? absence : null) ?? "loading")),
      user: user === null ? null : { name: nameOf(user), email: user.email, isAdmin: role === "admin" },
      returnPath,
      getAccessToken,
      findSession,
      signIn,
      signOut: () => void signOut(),
    }),
    [isLoading, isAbsent, absence, end, user, role, returnPath, getAccessToken, findSession, signIn, signOut],
  );
  return <LoginSessionContext value={session}>{children}</LoginSessionContext>;
}

const NoMemoryPage = lazy(() => import("./no-memory-page.tsx"));

export function LoginSessionProvider({ children }: { readonly children: ReactNode }) {
  const { appOrigin, auth } = pageConfig();
  const [end, setEnd] = useState<End | null>(null);
  const [returnPath, setReturnPath] = useState("/");
  const [isForgetful, setIsForgetful] = useState(false);
  useEffect(() => setIsForgetful(!hasMemory()), []);
  const onEnd = useCallback((how: End) => {
    if (how === "ended") forgetSession();
    // Whoever signs out ends the session as well, and knows it.
    setEnd((known) => (how === "ended" && (known === "leaving" || known === "signedOut") ? known : how));
  }, []);
  if (isForgetful) return <NoMemoryPage />;
  return (
    <AuthKitProvider
      clientId={auth.clientId}
      apiHostname={auth.apiHostname}
      https={auth.https}
      devMode={auth.devMode}
      {...(auth.port === undefined ? {} : { port: auth.port })}
      redirectUri={`${appOrigin}/callback`}
      onRedirectCallback={({ state }) => setReturnPath(safeReturnPath(state?.returnPath))}
      onRefresh={({ user }) => {
        // The browser's session is another user's now: this document starts over as theirs.
        if (!takeDocument(user.id)) window.location.replace("/");
        else rememberSession();
      }}
      onRefreshFailure={() => onEnd("ended")}
    >
      <LoginSessionBridge end={end} onEnd={onEnd} returnPath={returnPath}>
        {children}
      </LoginSessionBridge>
    </AuthKitProvider>
  );
}
