import * as dgram from "node:dgram";
import * as net from "node:net";
import { byNameServers } from "./by-name.ts";
import { connectInto } from "./connect-into.ts";
import { joinBack } from "./join.ts";
import { answerName, byNameAddress } from "./name-answers.ts";

export interface WaysOut {
  readonly egressSocket: string;
  /** Port of the egress relay on the sandbox's loopback. */
  readonly egressPort: number;
}

const namePort = 53;

/** Answers questions about names from when it has resolved; also where that can't be, because somebody else listens there. */
const answerNames = (): Promise<void> =>
  new Promise((done) => {
    const socket = dgram.createSocket("udp4");
    socket.on("error", () => done());
    socket.on("message", (message, from) => {
      const answer = answerName(message);
      if (answer !== null) socket.send(answer, from.port, from.address, () => {});
    });
    socket.bind(namePort, byNameAddress, done);
  });

/**
 * Opens both ways to the egress relay: as a proxy, and for programs that ignore the proxy's variables by what every name
 * leads to. `then`: the proxy listens. Without low ports names lead nowhere, and the proxy is the only way.
 */
export const openWaysOut = ({ egressSocket, egressPort }: WaysOut, then: () => void): void => {
  const listening = byNameServers(egressSocket).map(
    ({ port, server }) =>
      new Promise<boolean>((done) => {
        server.on("error", () => done(false));
        server.listen(port, byNameAddress, () => done(true));
      }),
  );
  const proxy = net.createServer((client) => joinBack(client, connectInto({ path: egressSocket }, client)));
  proxy.listen(egressPort, "127.0.0.1", async () => {
    if ((await Promise.all(listening)).every(Boolean)) await answerNames();
    then();
  });
};
