/** The floor of a read: one row of a database like the embedded Convex's, by its key, over plain HTTP. */
import { createServer } from "node:http";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { newFolder } from "./folders.ts";
import { listenAndTell } from "./listen.ts";

const database = new DatabaseSync(join(newFolder("bare-sqlite"), "bare.sqlite"));
database.exec("PRAGMA journal_mode = WAL; CREATE TABLE documents (id TEXT PRIMARY KEY, document TEXT NOT NULL) STRICT");
const add = database.prepare("INSERT INTO documents (id, document) VALUES (?, ?)");
database.exec("BEGIN");
for (let order = 0; order < 10_000; order += 1) {
  add.run(String(order), JSON.stringify({ _id: String(order), thread: "t", body: "x".repeat(200), order }));
}
database.exec("COMMIT");
const get = database.prepare("SELECT document FROM documents WHERE id = ?");

const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => {
    const { args } = JSON.parse(Buffer.concat(parts).toString());
    const value = String(get.get(args[0].id)?.document ?? "null");
    response.writeHead(200, { "content-type": "application/json" });
    response.end(`{"status":"success","logLines":[],"value":${value}}`);
  });
});
listenAndTell(server);
