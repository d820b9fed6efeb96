import { createServer, type ServerResponse } from "node:http";
import { pino } from "pino";
import { expect, test } from "vitest";
import { contained } from "./contained.ts";
import { listen } from "./server.testing.ts";

test("what a listener throws is logged and costs its connection only", async () => {
  const lines: string[] = [];
  const log = pino({}, { write: (line) => void lines.push(line) });
  const server = createServer(
    contained(log, ({ url }, response: ServerResponse) => {
      if (url === "/broken") throw new Error("broken inside");
      response.end("well");
    }),
  );
  const url = await listen(server);
  await expect(fetch(`${url}/broken`)).rejects.toThrow();
  expect(lines.join("")).toContain("broken inside");
  expect(await (await fetch(url)).text()).toBe("well");
});
