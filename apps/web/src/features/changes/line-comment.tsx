import { Button, IconButton } from "@threadbox/ui/button";
import { Trash2 } from "lucide-react";
import { useEffect, useRef } from "react";
import { isComposing } from "../../lib/is-composing.ts";
import type { Comment } from "./comment.ts";
import type { Comments } from "./comments.ts";
import { placeKey } from "./diff-rows.ts";
import { changesTexts } from "./texts.ts";

export interface LineCommentProps {
  readonly comment: Comment;
  readonly comments: Comments;
  /** The keyboard goes on at the line. */
  readonly onDone: () => void;
}

/** A comment below its line: being written, or waiting to be sent. */
export function LineComment({ comment, comments, onDone }: LineCommentProps) {
  const { place, quote, text, isEditing } = comment;
  const key = placeKey(place);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (isEditing) field.current?.focus({ preventScroll: true });
  }, [isEditing]);
  if (!isEditing) {
    return (
      <div className="changes-comment">
        <button type="button" dir="auto" className="changes-said" onClick={() => comments.edit(place, quote)}>
          {text}
        </button>
        <IconButton
          label={changesTexts.removeComment}
          icon={<Trash2 />}
          size="sm"
          onClick={() => {
            comments.remove(key);
            onDone();
          }}
        />
      </div>
    );
  }
  const finish = () => {
    comments.finish(key);
    onDone();
  };
  return (
    <form
      className="changes-comment"
      onSubmit={(event) => {
        event.preventDefault();
        finish();
      }}
      onKeyDown={(event) => {
        if (isComposing(event.nativeEvent)) return;
        if (event.key === "Escape") finish();
        else if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) finish();
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <textarea
        ref={field}
        aria-label={changesTexts.comment(place.line, place.side === "before")}
        placeholder={changesTexts.commentPlaceholder}
        dir="auto"
        rows={2}
        value={text}
        className="changes-field field-sizing-content"
        onChange={({ currentTarget }) => comments.write(key, currentTarget.value)}
      />
      <Button type="submit" size="sm" tone="accent" disabled={text.trim() === ""}>
        {changesTexts.saveComment}
      </Button>
      <Button
        size="sm"
        tone="quiet"
        onClick={() => {
          comments.remove(key);
          onDone();
        }}
      >
        {changesTexts.cancel}
      </Button>
    </form>
  );
}
