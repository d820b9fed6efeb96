/**
 * Runs in a sandbox and has a secret: `follow` is told of each version, `poll` asks every so many milliseconds. `GET /?version=N`
 * answers once it has version N or a later one. Port, way, name and milliseconds: arguments. It stands in one file without packages,
 * because it is written into a sandbox.
 */
import { execFile, spawn } from "node:child_process";
import { createServer } from "node:http";
import { createInterface } from "node:readline";

const [port = "0", way = "follow", name = "", everyMs = "1000"] = process.argv.slice(2);
let known = 0;
let waiting: { readonly version: number; readonly answer: () => void }[] = [];

const learn = (version: number) => {
  known = Math.max(known, version);
  const due = waiting.filter((one) => one.version <= known);
  waiting = waiting.filter((one) => one.version > known);
  for (const { answer } of due) answer();
};

/** The bench counts the versions in the value itself. */
const versionIn = (value: string): number => Number(/-(\d+)$/.exec(value.trim())?.[1] ?? 0);

if (way === "follow") {
  const program = spawn("get-secret", ["--follow", name], { stdio: ["ignore", "pipe", "inherit"] });
  createInterface({ input: program.stdout }).on("line", (line) => {
    learn(versionIn((JSON.parse(line) as { value: string }).value));
  });
} else {
  const ask = () =>
    execFile("get-secret", [name], (error, value) => {
      if (error === null) learn(versionIn(value));
      setTimeout(ask, Number(everyMs));
    });
  ask();
}

createServer((request, response) => {
  const version = Number(new URL(request.url ?? "/", "http://inside").searchParams.get("version"));
  const answer = () => void response.end(String(known));
  if (version <= known) answer();
  else waiting.push({ version, answer });
}).listen(Number(port), "127.0.0.1");
