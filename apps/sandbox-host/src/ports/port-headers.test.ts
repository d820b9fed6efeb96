import { openCodePort } from "@threadbox/contracts/opencode";
import { expect, test } from "vitest";
import { portRequestHeaders } from "./port-headers.ts";

const sent = {
  host: "host.test",
  origin: "http://view.test",
  authorization: "Bearer control",
  "x-forward-authorization": "Basic inner",
  "x-sandbox-generation": "3",
  "sec-websocket-key": "k",
  connection: "keep-alive",
  cookie: "a=1",
  "content-type": "text/plain",
  "hx-request": "true",
};

test("a server hears what its page says, of its own address, and nothing of the control channel", () => {
  expect(portRequestHeaders(sent, { port: 5173 }, { hasBody: true })).toEqual({
    host: "127.0.0.1:5173",
    origin: "http://127.0.0.1:5173",
    authorization: "Basic inner",
    cookie: "a=1",
    "content-type": "text/plain",
    "hx-request": "true",
  });
  expect(portRequestHeaders({ "content-type": "text/plain" }, { port: 5173 }, { hasBody: false })).toEqual({
    host: "127.0.0.1:5173",
  });
});

test("OpenCode hears what it knows, and no origin", () => {
  expect(portRequestHeaders(sent, { port: openCodePort }, { hasBody: false })).toEqual({
    host: `127.0.0.1:${openCodePort}`,
    authorization: "Basic inner",
    cookie: "a=1",
  });
});
