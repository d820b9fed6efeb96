import type { HostRuleProblem, SecretHostProblem } from "@threadbox/contracts/host-rules";

/** Why what was typed is no host. */
export const hostProblemTexts: Readonly<Record<HostRuleProblem, string>> = {
  empty: "Type a host, such as api.example.com.",
  address: "That’s an address of a machine. Use the host’s name, such as api.example.com.",
  port: "Only port 443 can be reached. Leave the port out.",
  wildcard: "A star stands for what comes before a name with a dot, such as *.example.com.",
  more: "Just the host, without spaces or a path, such as api.example.com.",
  name: "That isn’t a full host name, such as api.example.com.",
};

/** The same of a host that a secret is to be sent to. */
export const secretHostProblemTexts: Readonly<Record<SecretHostProblem, string>> = {
  ...hostProblemTexts,
  wildcard: "A secret is sent to named hosts only. Leave the star out, and name each host.",
  local: "That’s a name on a local network. A secret is sent to public hosts, such as api.example.com.",
};

/** What the page says of the hosts that a thread may reach. */
export const networkTexts = {
  title: "Network",
  open: "Network settings",
  lead: "Which hosts programs in this thread may reach. Changes apply right away and close open connections to hosts that are no longer allowed.",
  reach: "This thread may reach",
  reaches: {
    common: "What every thread may reach, and its own hosts",
    own: "Its own hosts only",
  },
  everyThread: "Every thread",
  everyHost: "Every thread may reach every public host.",
  everyThreadMay: "Every thread may reach:",
  standard: (count: number) => `${count} package registries and git hosts`,
  nothing: "No host is open to every thread.",
  own: "Its own hosts",
  none: "No hosts yet.",
  host: "Host",
  hostHint: "*.example.com stands for every host below example.com.",
  allow: "Allow",
  remove: "Remove",
  removeHost: (host: string) => `Remove ${host}`,
  closed: "Only an admin can add hosts. Those below work only where every thread may reach them too.",
  modelNote: "The model, ChatGPT and hosts that a secret is sent to can always be reached.",
  late: "Saved. The sandbox couldn’t be told, so it may take a few seconds.",
  loading: "Loading the network settings…",
  offline: "You’re offline. The network settings show up when you’re back.",
  failed: "Can’t load the network settings right now.",
  retry: "Retry",
  done: "Done",
  allowHere: "Allow in this thread",
  allowHost: (host: string) => `Allow in this thread: ${host}`,
  allowed: "Allowed now",
  changeFailed: "That didn’t work. Nothing was changed; try again.",
  reference: (reference: string) => `Reference ${reference}.`,
} as const;
