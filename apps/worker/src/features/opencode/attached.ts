import { workspacePath } from "@threadbox/contracts/opencode";

/** A file of the workspace that goes with a prompt, and how the model learns of it. */
export interface AttachedFile {
  /** Relative to the workspace. */
  readonly path: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly told: /** OpenCode gives it to the model as it is; pictures are made smaller first where they are large. */
    | { readonly kind: "shown" }
    | { readonly kind: "text"; readonly text: string }
    | { readonly kind: "named" }
    /** The model that answers is shown no pictures. */
    | { readonly kind: "unseen" }
    | { readonly kind: "missing" };
}

/** A part of a prompt, in OpenCode's words. */
export type PromptPart =
  | { readonly type: "text"; readonly text: string; readonly synthetic?: boolean }
  | { readonly type: "file"; readonly mime: string; readonly filename: string; readonly url: string };

/** What stands around the list; the demo model passes over what is in it. */
export const attachedTag = "attached-files";

const hints: Record<AttachedFile["told"]["kind"], string> = {
  shown: "you are shown it with this message",
  text: "its text is below",
  named: "open it with your tools",
  unseen: "you can’t see pictures; say so where it matters",
  missing: "it isn’t there any more; say so",
};

const lineOf = ({ path, mediaType, sizeBytes, told }: AttachedFile): string =>
  `- ${JSON.stringify(path)} (${mediaType}, ${sizeBytes} bytes): ${hints[told.kind]}`;

/** Nothing in a file ends what stands around it. */
const contained = (text: string): string => text.replaceAll(`</${attachedTag}`, `<\\/${attachedTag}`);

const textsOf = ({ path, told }: AttachedFile): readonly string[] =>
  told.kind === "text" ? [`<file path=${JSON.stringify(path)}>`, contained(told.text), "</file>"] : [];

const fileUrl = (path: string): string =>
  `file://${workspacePath}/${path.split("/").map(encodeURIComponent).join("/")}`;

/** What the model is told of attached files, and those that it is shown. */
export const attachedParts = (files: readonly AttachedFile[]): readonly PromptPart[] => {
  if (files.length === 0) return [];
  const note = [
    `<${attachedTag}>`,
    "The user attached these files to the message. They are in the workspace:",
    ...files.map(lineOf),
    ...files.flatMap(textsOf),
    `</${attachedTag}>`,
  ].join("\n");
  const shown = files.filter(({ told }) => told.kind === "shown");
  return [
    { type: "text", text: note, synthetic: true },
    ...shown.map(
      ({ path, mediaType }): PromptPart => ({
        type: "file",
        mime: mediaType,
        filename: path.slice(path.lastIndexOf("/") + 1),
        url: fileUrl(path),
      }),
    ),
  ];
};
