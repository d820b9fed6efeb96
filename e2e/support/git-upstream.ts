import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { upstream } from "./addresses.ts";

/** A host of git repositories on the internet, as sandboxes of the first installation see it; its certificate is its own. */
export interface GitUpstream {
  readonly urlOf: (name: string) => string;
  /** Answers to what fetches objects are held back until `release`. */
  readonly hold: () => void;
  readonly release: () => void;
  readonly stop: () => Promise<void>;
}

type Files = Readonly<Record<string, string>>;

const makeRepository = (folder: string, name: string, files: Files): void => {
  const work = join(folder, `${name}-work`);
  mkdirSync(work);
  const git = (...args: readonly string[]) =>
    execFileSync("git", ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", ...args], { cwd: work });
  git("init", "-q", "-b", "main");
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(work, path)), { recursive: true });
    writeFileSync(join(work, path), text);
  }
  git("add", "-A");
  git("commit", "-q", "-m", "Begin");
  git("clone", "-q", "--bare", work, join(folder, `${name}.git`));
};

/** One request as `git http-backend` is asked by a web server. */
const serveGit = (projects: string, request: IncomingMessage, response: ServerResponse): void => {
  const url = new URL(request.url ?? "/", "https://x");
  const backend = spawn("git", ["http-backend"], {
    env: {
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: projects,
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
      HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
    },
  });
  request.pipe(backend.stdin);
  const parts: Buffer[] = [];
  backend.stdout.on("data", (part: Buffer) => parts.push(part));
  backend.on("close", () => {
    const answer = Buffer.concat(parts);
    const end = answer.indexOf("\r\n\r\n");
    const headers = answer.subarray(0, end).toString().split("\r\n");
    const status = headers.find((line) => line.startsWith("Status: "))?.slice(8, 11) ?? "200";
    for (const line of headers) {
      const [name = "", value = ""] = line.split(": ");
      if (name !== "" && name !== "Status") response.setHeader(name, value);
    }
    response.writeHead(Number(status)).end(answer.subarray(end + 4));
  });
};

export const startGitUpstream = async (repositories: Readonly<Record<string, Files>>): Promise<GitUpstream> => {
  const folder = mkdtempSync(join(tmpdir(), "threadbox-git-"));
  for (const [name, files] of Object.entries(repositories)) makeRepository(folder, name, files);
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const subject = ["-subj", `/CN=${upstream.host}`, "-addext", `subjectAltName=DNS:${upstream.host}`];
  const made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key, "-out", cert];
  execFileSync("openssl", [...made, ...subject], { stdio: "ignore" });
  let gate = Promise.resolve();
  let release = () => {};
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
    if (request.method !== "POST") serveGit(folder, request, response);
    else void gate.then(() => serveGit(folder, request, response));
  });
  await new Promise<void>((resolve) => server.listen(upstream.port, "127.0.0.1", resolve));
  return {
    urlOf: (name) => `https://${upstream.host}/${name}.git`,
    hold: () => {
      const held = Promise.withResolvers<void>();
      gate = held.promise;
      release = held.resolve;
    },
    release: () => release(),
    stop: async () => {
      release();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
