import { Button } from "@threadbox/ui/button";
import { Notice } from "@threadbox/ui/notice";
import { CircleAlert, GitCompare } from "lucide-react";
import type { DocumentState, FileDocument } from "./file-document.ts";
import { fileErrorText } from "./file-error-text.ts";
import { fileTexts } from "./texts.ts";

export interface FileTroubleProps {
  readonly file: FileDocument;
  readonly state: DocumentState;
}

/** What stands between a person's text and the file, and the ways out. */
export function FileTrouble({ file, state: { trouble, compared } }: FileTroubleProps) {
  if (trouble === null) {
    return compared === null ? null : (
      <Notice role="status" icon={<GitCompare />} className="files-trouble">
        {fileTexts.comparing}
      </Notice>
    );
  }
  if (trouble.kind === "saveFailed") {
    return (
      <Notice role="alert" tone="bad" icon={<CircleAlert />} className="files-trouble">
        {fileTexts.saveFailed} {fileErrorText(trouble.failure)}
      </Notice>
    );
  }
  const overwrite = (
    <Button size="sm" onClick={() => void file.overwrite()}>
      {trouble.isGone ? fileTexts.restore : fileTexts.overwrite}
    </Button>
  );
  return (
    <Notice
      role="alert"
      tone="warn"
      icon={<CircleAlert />}
      className="files-trouble"
      actions={
        trouble.isGone ? (
          overwrite
        ) : (
          <>
            <Button size="sm" onClick={() => void file.compare()}>
              {fileTexts.compare}
            </Button>
            {overwrite}
            <Button size="sm" onClick={() => void file.load()}>
              {fileTexts.reload}
            </Button>
          </>
        )
      }
    >
      {trouble.isGone ? fileTexts.gone : fileTexts.conflict}
    </Notice>
  );
}
