import { useNavigate } from "@tanstack/react-router";
import { Button } from "@threadbox/ui/button";
import { Notice } from "@threadbox/ui/notice";
import { showToast } from "@threadbox/ui/toast";
import { CircleAlert, FolderGit2, FolderUp } from "lucide-react";
import { useState } from "react";
import { openFilesOf } from "../computer/index.ts";
import { filesOf, getDrafts, newThreadDraft } from "../outbox/index.ts";
import { ProviderChoice, type WhenBegun } from "../provider-choice/index.ts";
import { CloneDialog } from "./clone-dialog.tsx";
import "./repository.css";
import { repositoryTexts as texts } from "./texts.ts";
import { useClone } from "./use-clone.ts";

export interface StartFromProps {
  readonly isDisabled: boolean;
  /** The thread couldn’t be begun with the message that was typed. */
  readonly hasFailed: boolean;
  /** Brings the thread into being; the same one each time. */
  readonly begin: () => Promise<string>;
  readonly whenBegun: WhenBegun;
}

/** Ways to begin a thread with more than nothing in its workspace. */
export default function StartFrom({ isDisabled, hasFailed, begin, whenBegun }: StartFromProps) {
  const navigate = useNavigate();
  const [isOpen, setIsOpen] = useState(false);
  const clone = useClone(begin);
  const open = async (threadId: string) => {
    // What was typed meanwhile is meant for this thread.
    for (const placed of [(place: string) => place, filesOf]) {
      const typed = await getDrafts().read(placed(newThreadDraft));
      if (typed === "") continue;
      await getDrafts().write(placed(threadId), typed);
      await getDrafts().write(placed(newThreadDraft), "");
    }
    await navigate({ to: "/t/$threadId", params: { threadId } });
  };
  const openFiles = async () => {
    const threadId = await begin();
    openFilesOf(threadId);
    await open(threadId);
  };
  return (
    <>
      <ProviderChoice whenBegun={whenBegun} />
      <section aria-label={texts.startFrom} className="repository-start">
        {hasFailed ? (
          <Notice tone="bad" role="alert" icon={<CircleAlert />} className="repository-failed">
            {texts.messageFailed}
          </Notice>
        ) : null}
        <h2>{texts.startFrom}</h2>
        <Button disabled={isDisabled} onClick={() => setIsOpen(true)}>
          <FolderGit2 aria-hidden="true" />
          {texts.repository}
        </Button>
        <Button
          disabled={isDisabled}
          onClick={() => void openFiles().catch(() => showToast({ title: texts.failed, durationMs: 0 }))}
        >
          <FolderUp aria-hidden="true" />
          {texts.files}
        </Button>
        <CloneDialog
          isOpen={isOpen}
          onClose={() => setIsOpen(false)}
          clone={clone}
          onOpenThread={(id) => void open(id)}
        />
      </section>
    </>
  );
}
