const hosts = (count: number): string => (count === 1 ? "1 more host" : `${count} more hosts`);

/** The words of the common policy: which hosts sandboxes may reach. */
export const policyTexts = {
  title: "Network",
  lead: "Which hosts programs in sandboxes may reach. A change counts right away, in sandboxes that run too.",
  change: "Change",
  loading: "Loading the network policy",
  unreachable: "Can’t reach the server right now. The network policy wasn’t read.",
  retry: "Retry",
  late: "Saved. Running sandboxes couldn’t be told, so it may take a few seconds.",
  everyThread: "Every thread",
  owners: "Owners",
  open: "May reach every public host",
  standardAndMore: (count: number) =>
    count === 0
      ? "May reach package registries and git hosts"
      : `May reach package registries, git hosts and ${hosts(count)}`,
  listed: (count: number) =>
    count === 0 ? "May reach no host" : `May reach ${count === 1 ? "1 host" : `${count} hosts`}`,
  mayAdd: "May add hosts to their threads",
  mayNotAdd: "May not add hosts",
  ask: "Change the network policy",
  note: "The model, ChatGPT and hosts that a secret is sent to can always be reached. Addresses of private networks never can.",
  save: "Save",
  mode: "Every thread may reach",
  modes: { list: "The hosts that are listed", open: "Every public host" },
  standard: "Package registries and git hosts",
  hosts: "More hosts",
  hostsHint: "One in each line, such as api.example.com. *.example.com stands for every host below example.com.",
  add: "Owners may add hosts to their threads",
  problem: (line: string, problem: string) => `“${line}”: ${problem}`,
  tooMany: (most: number) => `At most ${most} hosts.`,
} as const;
