/** Breaks the connection that the events go over. */
export const cut = (): never => {
  throw new Error("cut");
};

/** A stream of these server-sent events, each made when it is asked for. */
export const streamOf = (events: AsyncIterator<string, void>): Response => {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const next = await events.next();
      if (next.done === true) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream; charset=utf-8" } });
};
