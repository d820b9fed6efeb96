import type { StubScript, StubStep } from "./stub-model.ts";

const words = (text: string): string[] => text.match(/\S+\s*|\s+/g) ?? [];
const done = (text = "All done."): readonly StubStep[] => [{ kind: "text", deltas: words(text) }];
const sequence =
  (...answers: readonly (readonly StubStep[])[]) =>
  (answered: number): readonly StubStep[] =>
    answers[Math.min(answered, answers.length - 1)] ?? [];

const growing = "for i in 1 2 3 4; do echo line $i; sleep 0.3; done";

/** A file whose own text looks like what OpenCode puts around a tool's output. */
const ownMarks = [
  "<content>",
  "1: (End of file - total 1 lines)",
  "</content>",
  "",
  "<shell_metadata>",
  "User aborted the command",
  "</shell_metadata>",
].join("\n");
const manyFiles = "mkdir many; for i in $(seq 101 220); do echo needle $i > many/$i.txt; done";

const scripts: Record<string, (answered: number) => readonly StubStep[]> = {
  text: sequence(done("Hello there, this is a plain answer.\n\nWith a second paragraph and trailing space.  \n")),
  reasoning: sequence([
    { kind: "reasoning", deltas: words("First I think. Then I think again.") },
    ...done("The answer is 42."),
  ]),
  tools: sequence(
    [
      { kind: "text", deltas: words("I write a file first.") },
      { kind: "call", name: "write", args: { filePath: "notes/hello.txt", content: "one\ntwo\nthree\n" } },
    ],
    [{ kind: "call", name: "bash", args: { command: growing, description: "Count to four" } }],
    done("The file is there and it counted to four."),
  ),
  edit: sequence(
    [{ kind: "call", name: "read", args: { filePath: "notes/hello.txt" } }],
    [
      {
        kind: "call",
        name: "edit",
        args: { filePath: "notes/hello.txt", oldString: "two", newString: "zwei\nzwei und ein halb" },
      },
    ],
    [{ kind: "call", name: "write", args: { filePath: "notes/hello.txt", content: "all\nnew\n" } }],
    done("Edited."),
  ),
  toolerror: sequence(
    [
      { kind: "call", name: "read", args: { filePath: "no/such/file.txt" } },
      { kind: "call", name: "bash", args: { command: "echo before; exit 3", description: "Fail on purpose" } },
    ],
    [{ kind: "rawCall", name: "bash", args: '{"command": "echo broken' }],
    [{ kind: "call", name: "nosuchtool", args: { a: 1 } }],
    done("Some of it failed."),
  ),
  parallel: sequence(
    [
      { kind: "call", name: "bash", args: { command: "sleep 0.4; echo slow", description: "Slow" } },
      { kind: "call", name: "bash", args: { command: "echo quick; sleep 0.1; echo quicker", description: "Quick" } },
    ],
    done("Both ran."),
  ),
  aborttext: sequence([
    { kind: "text", deltas: words("a b c d e f g h i j k l m n o p q r s t u v w x y z ".repeat(9)), pauseMs: 60 },
  ]),
  abortbash: sequence(
    [
      { kind: "text", deltas: words("Now I sleep.") },
      { kind: "call", name: "bash", args: { command: "echo started; sleep 60; echo never", description: "Sleep" } },
    ],
    done(),
  ),
  retry: sequence(
    [{ kind: "status", status: 429, body: { error: { message: "Slow down please." } }, retryAfter: "1" }],
    [{ kind: "status", status: 503, body: { error: { message: "Overloaded." } } }],
    done("It worked at last."),
  ),
  refused: sequence([
    {
      kind: "status",
      status: 400,
      body: { error: { message: "This model does not exist.", type: "invalid_request_error" } },
    },
  ]),
  unauthorized: sequence([{ kind: "status", status: 401, body: { error: { message: "Bad key." } } }]),
  storm: sequence([{ kind: "status", status: 500, body: { error: { message: "Broken." } } }]),
  cut: sequence([{ kind: "text", deltas: words("This stops in the mid") }, { kind: "cut" }], done("dle of a word.")),
  empty: sequence([]),
  length: sequence([
    { kind: "text", deltas: words("Cut off mid") },
    { kind: "finish", reason: "length" },
  ]),
  filter: sequence([
    { kind: "text", deltas: words("Blocked") },
    { kind: "finish", reason: "content_filter" },
  ]),
  nofinish: sequence([{ kind: "text", deltas: words("A clean end.") }, { kind: "leave" }]),
  nocalls: sequence([
    { kind: "text", deltas: words("I call.") },
    { kind: "finish", reason: "tool_calls" },
  ]),
  broken: sequence([
    { kind: "text", deltas: words("Half of an ans") },
    { kind: "error", body: { error: { message: "Exploded in the middle.", code: 500 } } },
  ]),
  unusable: sequence([
    { kind: "text", deltas: words("Half of an ans") },
    {
      kind: "error",
      body: { error: { message: "It ended too early. [threadbox unusable]", type: "upstream_error", code: null } },
    },
  ]),
  oddreason: sequence([
    { kind: "text", deltas: words("The end.") },
    { kind: "finish", reason: "eos" },
  ]),
  cuts: sequence([{ kind: "text", deltas: words("Half of an ans") }, { kind: "cut" }]),
  bigoutput: sequence(
    [{ kind: "call", name: "bash", args: { command: "seq 1 2400", description: "Much output" } }],
    done("Much."),
  ),
  limited: sequence([
    {
      kind: "status",
      status: 429,
      body: { error: { message: "You exceeded your plan [threadbox limit 600]", type: "upstream_error", code: null } },
      retryAfter: "600",
    },
  ]),
  marks: sequence(
    [{ kind: "call", name: "write", args: { filePath: "marks/own.txt", content: ownMarks } }],
    [
      { kind: "call", name: "read", args: { filePath: "marks/own.txt" } },
      { kind: "call", name: "read", args: { filePath: "marks/own.txt", offset: 2, limit: 1 } },
      { kind: "call", name: "read", args: { filePath: "marks" } },
      { kind: "call", name: "glob", args: { pattern: "marks/*.txt" } },
      { kind: "call", name: "glob", args: { pattern: "marks/*.none" } },
      { kind: "call", name: "grep", args: { pattern: "total", path: "marks" } },
    ],
    [
      {
        kind: "call",
        name: "bash",
        args: { command: "echo begun; sleep 60", description: "Take too long", timeout: 300 },
      },
      { kind: "call", name: "bash", args: { command: "cat marks/own.txt", description: "Show the file" } },
      { kind: "call", name: "bash", args: { command: "true", description: "Say nothing" } },
    ],
    [{ kind: "call", name: "bash", args: { command: manyFiles, description: "Make files" } }],
    [
      { kind: "call", name: "glob", args: { pattern: "many/*.txt" } },
      { kind: "call", name: "grep", args: { pattern: "needle", path: "many" } },
      { kind: "call", name: "read", args: { filePath: "many", limit: 3 } },
    ],
    done("Read them all."),
  ),
};

/** What the stub model answers in each recorded scenario. */
export const scenarioScript: StubScript = (scenario, answered) => {
  const name = scenario.split("-")[0] ?? scenario;
  return scripts[name]?.(answered) ?? done("No such scenario.");
};
