/** The words of a thread that begins. */
export const newThreadTexts = {
  placeholder: "Describe a task, or try an example below",
  brand: "Threadbox",
  title: "What should we work on?",
  lead: "Every thread gets its own computer.",
  examples: "Examples",
} as const;

/** First messages that really run. */
export const examples = {
  demo: [
    { text: "$ node --version", hint: "Run a command" },
    { text: "write notes.txt: hello", hint: "Write a file" },
    { text: "$ ls -la", hint: "List the workspace" },
  ],
  model: [
    { text: "Which languages and tools are installed here?", hint: "Look around" },
    { text: "Write a small web server in Node and test it with curl.", hint: "Build something" },
    { text: "Explain what’s in this workspace.", hint: "Read files" },
  ],
} as const;
