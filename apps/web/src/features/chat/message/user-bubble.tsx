import { LongText } from "../../text/index.ts";

/** What a person wrote, as it was written. */
export function UserBubble({ text }: { readonly text: string }) {
  return (
    <div
      dir="auto"
      className="max-w-[85%] whitespace-pre-wrap break-words rounded-xl bg-pressed forced-colors:border px-4 py-2.5 text-base leading-6"
    >
      <LongText text={text} />
    </div>
  );
}
