import { Link } from "@tanstack/react-router";
import { workerApi } from "@threadbox/contracts/worker-api";
import { Button, buttonLook } from "@threadbox/ui/button";
import { Notice } from "@threadbox/ui/notice";
import { Unplug } from "lucide-react";
import { useState } from "react";
import { useLoginSession } from "../auth/index.ts";
import { makeUserCall } from "../user-call/index.ts";
import { loginWaitTexts as texts } from "./login-wait-texts.ts";

const answerMsMax = 15_000;

export interface LoginWaitProps {
  readonly threadId: string;
  readonly className?: string | undefined;
}

/** The turn waits until ChatGPT is connected again, or another model is to answer. */
export default function LoginWait({ threadId, className }: LoginWaitProps) {
  const { getAccessToken } = useLoginSession();
  const [choosing, setChoosing] = useState<"no" | "yes" | "failed">("no");
  const chooseWorkspace = async () => {
    const { method, path } = workerApi.chooseModel;
    setChoosing("yes");
    try {
      const call = makeUserCall(getAccessToken, answerMsMax);
      await call(method, path.replace(":threadId", threadId), { body: { choice: { kind: "workspace" } } });
    } catch {
      setChoosing("failed");
    }
  };
  return (
    <div className={className}>
      <Notice
        tone="warn"
        role="status"
        icon={<Unplug />}
        actions={
          <>
            <Button size="sm" disabled={choosing === "yes"} onClick={() => void chooseWorkspace()}>
              {texts.useWorkspace}
            </Button>
            <Link to="/settings" className={buttonLook({ tone: "accent", size: "sm" })}>
              {texts.connect}
            </Link>
          </>
        }
      >
        {texts.signedOut}
        {choosing === "failed" ? <p role="alert">{texts.failed}</p> : null}
      </Notice>
    </div>
  );
}
