/** Tells people who do not see the layout whose message follows. */
export function MessageHeader({ id, author }: { readonly id: string; readonly author: string }) {
  return (
    <h2 id={id} className="sr-only">
      {author}
    </h2>
  );
}
