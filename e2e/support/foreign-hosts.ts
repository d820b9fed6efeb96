import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface ForeignHosts {
  /** For a browser, which asks it for every host but this machine's own names. */
  readonly proxy: { readonly server: string; readonly bypass: string };
  readonly hosts: () => readonly string[];
  readonly stop: () => Promise<void>;
}

/** Notes every host that a browser asks for beside this machine, and answers for none of them. */
export const watchForeignHosts = async (): Promise<ForeignHosts> => {
  const hosts: string[] = [];
  const server = createServer(({ url = "" }, response) => {
    hosts.push(URL.canParse(url) ? new URL(url).host : url);
    response.writeHead(502).end();
  });
  server.on("connect", ({ url = "" }, socket) => {
    hosts.push(url);
    socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    proxy: {
      server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      bypass: "localhost,*.localhost",
    },
    hosts: () => hosts,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
