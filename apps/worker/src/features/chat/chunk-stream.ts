import type { UIMessageChunk } from "ai";

type Tell = (chunks: readonly UIMessageChunk[]) => void;

/**
 * A response of server-sent chunks, written by `write` until it ends. Every piece is a whole number of events: the
 * SDK's reader does not put split ones together.
 */
export const chunkStream = (write: (tell: Tell) => Promise<void>): Response => {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      const tell: Tell = (chunks) => {
        const events = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`);
        controller.enqueue(encoder.encode(events.join("")));
      };
      try {
        await write(tell);
        controller.close();
      } catch (error) {
        controller.error(error);
      }
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
};
