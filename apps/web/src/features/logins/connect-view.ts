import {
  isFlowOpen,
  type LoginFlow,
  type LoginFlowId,
  type LoginFlowState,
  type LoginId,
  type LoginList,
  type LoginView,
  loginLimits,
} from "@threadbox/contracts/logins";

/** What stands on a card: an authorization, what it led to, a login that has ended, or the way to begin. */
export type ConnectView =
  | { readonly kind: "flow"; readonly state: Exclude<LoginFlowState, "connected">; readonly flow: LoginFlow }
  | {
      readonly kind: "done";
      readonly login: LoginView;
      /** The login that was to be connected again, where the person approved with another account. */
      readonly instead: LoginView | null;
    }
  | { readonly kind: "reauth"; readonly login: LoginView }
  | { readonly kind: "start"; readonly state: "idle" | "another" | "full" | "disconnected" };

export interface ConnectSubject {
  /** The login to connect again; null: a new one. */
  readonly loginId: LoginId | null;
  /** A flow that had ended before the person came here: its end is old news. Null: there was none. */
  readonly oldFlowId: LoginFlowId | null;
}

/** The flow that has ended; null: there is none, or it is open. */
export const endedFlowIdOf = ({ flow }: LoginList): LoginFlowId | null =>
  flow === null || isFlowOpen(flow) ? null : flow.id;

/** Where somebody begins who has no authorization on its way. */
const startOf = ({ logins, disconnectedAt }: LoginList): ConnectView => {
  const beforeAny = disconnectedAt === null ? "idle" : "disconnected";
  const besides = logins.length < loginLimits.loginsMax ? "another" : "full";
  return { kind: "start", state: logins.length === 0 ? beforeAny : besides };
};

/** An open flow is shown whatever it is for, since a user has one at most and every start leads to it. */
export const connectViewOf = (list: LoginList, { loginId, oldFlowId }: ConnectSubject): ConnectView => {
  const { flow, logins } = list;
  const find = (id: LoginId | null) => logins.find((login) => login.id === id);
  const wanted = find(loginId);
  if (flow !== null && (isFlowOpen(flow) || flow.id !== oldFlowId)) {
    if (flow.state !== "connected") return { kind: "flow", state: flow.state, flow };
    const login = find(flow.loginId);
    const instead = wanted?.state === "reauth" ? wanted : null;
    if (login !== undefined) return { kind: "done", login, instead };
  }
  if (wanted === undefined) return startOf(list);
  return wanted.state === "reauth" ? { kind: "reauth", login: wanted } : { kind: "done", login: wanted, instead: null };
};
