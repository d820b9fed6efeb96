import { createFileRoute } from "@tanstack/react-router";
import { SignInPage, safeReturnPath } from "../features/auth/index.ts";

interface Search {
  readonly from?: string;
  readonly failed?: true;
}

export const Route = createFileRoute("/sign-in")({
  codeSplitGroupings: [["component"]],
  validateSearch: ({ from, failed }: Record<string, unknown>): Search => ({
    ...(from === undefined || safeReturnPath(from) === "/" ? {} : { from: safeReturnPath(from) }),
    ...(failed === true ? { failed } : {}),
  }),
  head: () => ({ meta: [{ title: "Sign in · Threadbox" }] }),
  component: function SignIn() {
    const { from = "/", failed = false } = Route.useSearch();
    return <SignInPage returnPath={from} hasFailed={failed} />;
  },
});
