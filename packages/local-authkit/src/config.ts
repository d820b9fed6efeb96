/** What the process is told from outside. */
export interface Config {
  /** Port on 127.0.0.1; 0 takes any free one. */
  readonly port: number;
  /** Folder of users, keys and sessions. */
  readonly stateFolder: string;
  /** The page's origin: the only one that codes, tokens and log-outs are sent to. */
  readonly appOrigin: string;
  readonly clientId: string;
}

export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The configuration is not usable: ${problems.join("; ")}.`);
    this.problems = problems;
  }
}

const isOrigin = (value: string): boolean => {
  if (!URL.canParse(value)) return false;
  const { protocol, origin } = new URL(value);
  return (protocol === "http:" || protocol === "https:") && origin === value;
};

/** Decodes the environment; a `ConfigError` names every bad key at once. */
export const readConfig = (env: Readonly<Record<string, string | undefined>>): Config => {
  const problems: string[] = [];
  const port = Number(env.AUTH_PORT ?? "4100");
  if (!Number.isInteger(port) || port < 0 || port > 65_535) problems.push("AUTH_PORT must be a port number");
  const stateFolder = env.AUTH_STATE ?? "";
  if (stateFolder === "") problems.push("AUTH_STATE must name a folder");
  const appOrigin = env.APP_ORIGIN ?? "";
  if (!isOrigin(appOrigin)) problems.push("APP_ORIGIN must be an origin such as http://threadbox.localhost:3000");
  const clientId = env.AUTH_CLIENT_ID ?? "client_local";
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(clientId)) problems.push("AUTH_CLIENT_ID must be letters, digits, - and _");
  if (problems.length > 0) throw new ConfigError(problems);
  return { port, stateFolder, appOrigin, clientId };
};
