import Docker from "dockerode";

/** Where the engine listens on most machines. */
export const defaultDockerHost = "unix:///var/run/docker.sock";

/** The path of a `unix://` address; undefined for any other. */
export const socketOf = (dockerHost: string): string | undefined => /^unix:\/\/(\/.+)$/.exec(dockerHost)?.[1];

/** The engine behind that socket, and never the one that the process's environment names. */
export const engineAt = (socketPath: string): Docker => new Docker({ socketPath, host: undefined });
