import * as dgram from "node:dgram";
import { Resolver } from "node:dns/promises";
import { expect, onTestFinished, test } from "vitest";
import { answerName, byNameAddress } from "./name-answers.ts";

/** A real resolver that asks these answers. */
const resolver = async (): Promise<Resolver> => {
  const socket = dgram.createSocket("udp4");
  socket.on("message", (message, from) => {
    const answer = answerName(message);
    if (answer !== null) socket.send(answer, from.port, from.address);
  });
  await new Promise<void>((done) => socket.bind(0, "127.0.0.1", done));
  onTestFinished(() => void socket.close());
  const asking = new Resolver();
  asking.setServers([`127.0.0.1:${socket.address().port}`]);
  return asking;
};

test("every full name leads to the relay, in one kind of address", async () => {
  const asking = await resolver();
  expect(await asking.resolve4("api.example.com")).toEqual([byNameAddress]);
  expect(await asking.resolve4("API.Example.COM")).toEqual([byNameAddress]);
  await expect(asking.resolve6("api.example.com")).rejects.toMatchObject({ code: "ENODATA" });
  await expect(asking.resolveMx("example.com")).rejects.toMatchObject({ code: "ENODATA" });
});

test("this machine's own names stay its own, and there are no others", async () => {
  const asking = await resolver();
  expect(await asking.resolve4("app.localhost")).toEqual(["127.0.0.1"]);
  for (const name of ["db", "1.2.3.4.in-addr.arpa.5"])
    await expect(asking.resolve4(name)).rejects.toMatchObject({ code: "ENOTFOUND" });
});

test("what asks nothing is not answered, and garbage breaks nothing", () => {
  expect(answerName(Buffer.alloc(0))).toBeNull();
  expect(answerName(Buffer.alloc(600))).toBeNull();
  const question = Buffer.from("0001010000010000000000000161076578616d706c650000010001", "hex");
  expect(answerName(question)?.length).toBe(question.length + 16);
  for (let at = 0; at < question.length; at++) {
    const broken = Buffer.from(question);
    broken[at] = (broken[at] ?? 0) ^ 0xff;
    expect(() => answerName(broken)).not.toThrow();
    expect(() => answerName(question.subarray(0, at))).not.toThrow();
  }
});
