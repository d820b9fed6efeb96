/** The words of a turn that waits for ChatGPT. */
export const loginWaitTexts = {
  signedOut: "ChatGPT signed you out. Your thread is safe; the message goes on once you connect again.",
  connect: "Connect again",
  useWorkspace: "Use the workspace’s model",
  failed: "That didn’t work. Try again.",
} as const;
