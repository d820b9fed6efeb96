import { fileTexts } from "./texts.ts";

export function UnsavedDot() {
  return (
    <span className="files-dot">
      <span className="sr-only">{fileTexts.unsaved}</span>
    </span>
  );
}
