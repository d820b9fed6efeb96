const keyVariable = "CODEMODE_KEY";

/**
 * What workerd is told: the built machine at one socket of this host, and no way out. The key comes from its environment, so
 * that no file and no command line holds it. `script`: a path below the folder that the configuration lies in.
 */
export const workerdConfig = ({ socket, script }: { readonly socket: string; readonly script: string }): string => `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "codemode", worker = (
      modules = [(name = "index.js", esModule = embed ${JSON.stringify(script)})],
      compatibilityDate = "2026-08-01",
      globalOutbound = "nowhere",
      bindings = [
        (name = "LOADER", workerLoader = ()),
        (name = "${keyVariable}", fromEnvironment = "${keyVariable}"),
      ],
    )),
    (name = "nowhere", network = (allow = [])),
  ],
  sockets = [(name = "http", address = ${JSON.stringify(`unix:${socket}`)}, http = (), service = "codemode")],
);
`;
