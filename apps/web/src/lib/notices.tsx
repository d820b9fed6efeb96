import { Button } from "@threadbox/ui/button";
import { Notice } from "@threadbox/ui/notice";
import { CircleAlert, WifiOff } from "lucide-react";
import type { ReactNode } from "react";

interface Words {
  readonly children: ReactNode;
  readonly className?: string;
}

export interface FailedNoticeProps extends Words {
  /** What does it again, and what that is called. */
  readonly again?: { readonly label: string; readonly run: () => void };
}

/** What went wrong, said at once. */
export function FailedNotice({ children, className = "", again }: FailedNoticeProps) {
  const actions =
    again === undefined ? undefined : (
      <Button size="sm" onClick={again.run}>
        {again.label}
      </Button>
    );
  return (
    <Notice tone="bad" role="alert" icon={<CircleAlert />} className={className} actions={actions}>
      {children}
    </Notice>
  );
}

/** What can't be done, or is not known, because the device is offline. */
export function OfflineNotice({ children, className = "" }: Words) {
  return (
    <Notice tone="warn" role="status" icon={<WifiOff />} className={className}>
      {children}
    </Notice>
  );
}
