import { Button } from "@threadbox/ui/button";
import { Notice } from "@threadbox/ui/notice";
import { CircleAlert, Ellipsis, WifiOff } from "lucide-react";
import { fileErrorText } from "../files/index.ts";
import type { ChangesState } from "./changes-store.ts";
import { changesTexts } from "./texts.ts";

export interface ChangesWarningProps {
  readonly state: ChangesState;
  readonly isOnline: boolean;
  readonly onRetry: () => void;
}

/** Says that what is shown may be old, or is not all there is. */
export function ChangesWarning({ state: { failure, isCut }, isOnline, onRetry }: ChangesWarningProps) {
  if (!isOnline) {
    return (
      <Notice role="status" icon={<WifiOff />} className="changes-warning">
        {changesTexts.offlineOld}
      </Notice>
    );
  }
  if (failure !== null) {
    const retry = (
      <Button size="sm" onClick={onRetry}>
        {changesTexts.retry}
      </Button>
    );
    return (
      <Notice role="alert" tone="bad" icon={<CircleAlert />} className="changes-warning" actions={retry}>
        {changesTexts.failed} {fileErrorText(failure)}
      </Notice>
    );
  }
  if (!isCut) return null;
  return (
    <Notice role="status" icon={<Ellipsis />} className="changes-warning">
      {changesTexts.cut}
    </Notice>
  );
}
