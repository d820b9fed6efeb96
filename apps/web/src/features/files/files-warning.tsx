import { Button } from "@threadbox/ui/button";
import { Notice } from "@threadbox/ui/notice";
import { CircleAlert, WifiOff } from "lucide-react";
import { filesTexts, fileTexts } from "./texts.ts";

export interface FilesWarningProps {
  readonly isOnline: boolean;
  /** Why the last listing failed; null where it did not. */
  readonly sentence: string | null;
  readonly onRetry: () => Promise<void>;
}

/** Says that what is shown may be old. */
export function FilesWarning({ isOnline, sentence, onRetry }: FilesWarningProps) {
  if (!isOnline) {
    return (
      <Notice role="status" icon={<WifiOff />} className="files-trouble">
        {filesTexts.offlineOld}
      </Notice>
    );
  }
  if (sentence === null) return null;
  const retry = (
    <Button size="sm" onClick={() => void onRetry()}>
      {fileTexts.retry}
    </Button>
  );
  return (
    <Notice role="alert" tone="bad" icon={<CircleAlert />} className="files-trouble" actions={retry}>
      {filesTexts.failed} {sentence}
    </Notice>
  );
}
