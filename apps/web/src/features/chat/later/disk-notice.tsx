import { Button } from "@threadbox/ui/button";
import { Notice } from "@threadbox/ui/notice";
import { HardDrive } from "lucide-react";
import { showLargestOf } from "../../computer/index.ts";
import { diskTexts } from "../texts/disk.ts";

/** Says that the computer's disk is full, and leads to what fills it. */
export default function DiskNotice({ threadId }: { readonly threadId: string }) {
  return (
    <Notice
      tone="warn"
      role="status"
      icon={<HardDrive />}
      className="mb-3"
      actions={
        <Button size="sm" onClick={() => showLargestOf(threadId)}>
          {diskTexts.largest}
        </Button>
      }
    >
      {diskTexts.full}
    </Notice>
  );
}
