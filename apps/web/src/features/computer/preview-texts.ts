/** What the panel says of the servers that run inside. */
export const previewTexts = {
  port: (port: number) => `Port ${port}`,
  /** Within a sentence. */
  portName: (port: number) => `port ${port}`,
  list: "Running servers",
  open: "Open",
  openPort: (port: number) => `Open port ${port}`,
  back: "All servers",
  closed: (port: number) => `Nothing listens on port ${port} any more. The page comes back when a server does.`,
  none: "No server is running. When one starts to listen on a port, it shows up here.",
  looking: "Looking for running servers…",
  failed: "Can’t see what is running. Trying again…",
  offline: "You’re offline. Running servers show up when you’re back.",
} as const;
