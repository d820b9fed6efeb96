import { visibleText } from "../text/index.ts";

/** A path in one line: where there is no room, the folders give way to the name. */
export function PathText({ path }: { readonly path: string }) {
  const nameStart = path.lastIndexOf("/") + 1;
  return (
    <span dir="ltr" className="changes-path" title={visibleText(path)}>
      {nameStart === 0 ? null : <span className="changes-folder">{visibleText(path.slice(0, nameStart))}</span>}
      <span className="changes-name">{visibleText(path.slice(nameStart))}</span>
    </span>
  );
}
