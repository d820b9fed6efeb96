/** What the demo model does and how to connect another one; what stands between backticks is code. */
export const demoModelTexts = {
  title: "Demo model",
  description: "Needs no account and always gives the same answers.",
  does: "Start a line with `$` to run it in the sandbox. `write file: text` writes a file, and `read file` reads one. Everything really runs.",
  connect: "To use your own model, start Threadbox with an OpenAI-compatible endpoint:",
  key: "The API key stays on the server. Sandboxes and browsers never see it.",
} as const;
