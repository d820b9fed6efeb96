import { describe, expect, test } from "vitest";
import { picturesIfAllowed } from "./without-pictures.ts";

const picture = { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } };
const body = (content: unknown) => JSON.stringify({ model: "m", messages: [{ role: "user", content }] });
const noPictures = { error: { message: "This model does not support image input." } };

/** A provider that gives these answers, one after the other. */
const provider = (...answers: readonly Response[]) => {
  const asked: string[] = [];
  const fetcher: typeof fetch = async (_, init) => {
    asked.push(String(init?.body));
    return answers[asked.length - 1] ?? Response.error();
  };
  return {
    asked,
    ask: (text: string) => picturesIfAllowed(fetcher)("http://model.test", { method: "POST", body: text }),
  };
};

describe("a conversation with pictures", () => {
  test.each([
    [400, "This model does not support image input."],
    [404, "No endpoints found that support image input"],
    [422, "Failed to deserialize: unknown variant `image_url`, expected `text`"],
    [400, "Invalid content: messages[0].content must be a string"],
  ])("goes on with words in their place where the model answers %d, %s", async (status, message) => {
    const { asked, ask } = provider(Response.json({ error: { message } }, { status }), Response.json({ ok: true }));
    const response = await ask(body([{ type: "text", text: "Look:" }, picture]));
    expect(await response.json()).toEqual({ ok: true });
    expect(JSON.parse(asked[1] ?? "")).toEqual({
      model: "m",
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "Look:" },
            { type: "text", text: expect.stringContaining("A picture was left out here") },
          ],
        },
      ],
    });
  });

  test("is asked once where the model takes them, or refuses something else, and that is passed on", async () => {
    const good = provider(Response.json({ ok: true }));
    await good.ask(body([picture]));
    const limited = provider(Response.json(noPictures, { status: 429 }));
    expect((await limited.ask(body([picture]))).status).toBe(429);
    const wrong = provider(Response.json({ error: "Unknown model." }, { status: 404 }));
    const refusal = await wrong.ask(body([picture]));
    expect([refusal.status, await refusal.json()]).toEqual([404, { error: "Unknown model." }]);
    expect([good.asked.length, limited.asked.length, wrong.asked.length]).toEqual([1, 1, 1]);
  });
});

test("a conversation without pictures is asked once, whatever the answer, and whatever it speaks of", async () => {
  const { asked, ask } = provider(Response.json(noPictures, { status: 400 }));
  const response = await ask(body('say "image_url"'));
  expect([response.status, await response.json(), asked.length]).toEqual([400, noPictures, 1]);
});
