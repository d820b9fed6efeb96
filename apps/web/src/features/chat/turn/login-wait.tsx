import type { LoginId } from "@threadbox/contracts/logins";
import { type ModelsAnswers, modelsApi } from "@threadbox/contracts/models-api";
import { Button } from "@threadbox/ui/button";
import { Notice } from "@threadbox/ui/notice";
import { Unplug } from "lucide-react";
import { Suspense, useState } from "react";
import { useLoginSession } from "../../auth/index.ts";
import { ConnectDialog } from "../../logins/index.ts";
import { makeUserCall } from "../../user-call/index.ts";
import { loginWaitTexts as texts } from "../texts/login-wait.ts";

const answerMsMax = 15_000;

export interface LoginWaitProps {
  readonly threadId: string;
  readonly className?: string | undefined;
}

type Work = "none" | "connecting" | "choosing" | "failed";

/** The turn waits until ChatGPT is connected again, or another model is to answer. */
export default function LoginWait({ threadId, className }: LoginWaitProps) {
  const { getAccessToken } = useLoginSession();
  const [work, setWork] = useState<Work>("none");
  const [loginId, setLoginId] = useState<LoginId | null>(null);
  const [isOpen, setIsOpen] = useState(false);
  const call = makeUserCall(getAccessToken, answerMsMax);

  const connect = async () => {
    const { method, path } = modelsApi.models;
    setWork("connecting");
    try {
      const list = (await call(method, `${path}?thread=${threadId}`)) as ModelsAnswers["models"];
      setLoginId(list.answerer.loginId);
      setIsOpen(true);
      setWork("none");
    } catch {
      setWork("failed");
    }
  };
  const chooseWorkspace = async () => {
    const { method, path } = modelsApi.chooseModel;
    setWork("choosing");
    try {
      await call(method, path.replace(":threadId", threadId), { body: { choice: { kind: "workspace" } } });
    } catch {
      setWork("failed");
    }
  };
  const isAtWork = work === "connecting" || work === "choosing";
  return (
    <div className={className}>
      <Notice
        tone="warn"
        role="status"
        icon={<Unplug />}
        actions={
          <>
            <Button size="sm" disabled={isAtWork} onClick={() => void chooseWorkspace()}>
              {texts.useWorkspace}
            </Button>
            <Button size="sm" tone="accent" disabled={isAtWork} onClick={() => void connect()}>
              {texts.connect}
            </Button>
          </>
        }
      >
        {texts.signedOut}
        {work === "failed" ? <p role="alert">{texts.failed}</p> : null}
      </Notice>
      {loginId === null ? null : (
        <Suspense fallback={null}>
          <ConnectDialog isOpen={isOpen} onOpenChange={setIsOpen} threadId={threadId} loginId={loginId} />
        </Suspense>
      )}
    </div>
  );
}
