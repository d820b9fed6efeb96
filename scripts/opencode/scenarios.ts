import { wireErrorBody } from "@threadbox/contracts/errors";
import { type Answer, call, refusal, type Step, steps } from "@threadbox/model-double/answer";
import { type Answerer, promptOf } from "@threadbox/model-double/server";

const words = (text: string): string[] => text.match(/\S+\s*|\s+/g) ?? [];

/** Pieces with a pause after each, so that OpenCode tells of each on its own. */
const paced = (pieces: readonly string[], pauseMs: number): AsyncIterable<string> => ({
  async *[Symbol.asyncIterator]() {
    for (const piece of pieces) {
      yield piece;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  },
});

const says = (text: string, pauseMs = 20): Step => ({ kind: "text", pieces: paced(words(text), pauseMs) });
const done = (text = "All done."): readonly Step[] => [says(text)];

/** Answers to the first call of a scenario, the second and so on, and to all later ones as to the last. */
const sequence = (
  ...answers: readonly [Answer | readonly Step[], ...(Answer | readonly Step[])[]]
): readonly Answer[] => answers.map((answer) => ("kind" in answer ? answer : steps(...answer)));

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

const scripts: Record<string, readonly Answer[]> = {
  text: sequence(done("Hello there, this is a plain answer.\n\nWith a second paragraph and trailing space.  \n")),
  reasoning: sequence([
    { kind: "reasoning", pieces: paced(words("First I think. Then I think again."), 20) },
    ...done("The answer is 42."),
  ]),
  tools: sequence(
    [says("I write a file first."), call("write", { filePath: "notes/hello.txt", content: "one\ntwo\nthree\n" })],
    [call("bash", { command: growing, description: "Count to four" })],
    done("The file is there and it counted to four."),
  ),
  edit: sequence(
    [call("read", { filePath: "notes/hello.txt" })],
    [call("edit", { filePath: "notes/hello.txt", oldString: "two", newString: "zwei\nzwei und ein halb" })],
    [call("write", { filePath: "notes/hello.txt", content: "all\nnew\n" })],
    done("Edited."),
  ),
  toolerror: sequence(
    [
      call("read", { filePath: "no/such/file.txt" }),
      call("bash", { command: "echo before; exit 3", description: "Fail on purpose" }),
    ],
    [{ kind: "call", name: "bash", args: '{"command": "echo broken' }],
    [call("nosuchtool", { a: 1 })],
    done("Some of it failed."),
  ),
  parallel: sequence(
    [
      call("bash", { command: "sleep 0.4; echo slow", description: "Slow" }),
      call("bash", { command: "echo quick; sleep 0.1; echo quicker", description: "Quick" }),
    ],
    done("Both ran."),
  ),
  aborttext: sequence([says("a b c d e f g h i j k l m n o p q r s t u v w x y z ".repeat(9), 60)]),
  abortbash: sequence(
    [says("Now I sleep."), call("bash", { command: "echo started; sleep 60; echo never", description: "Sleep" })],
    done(),
  ),
  retry: sequence(
    refusal(429, { message: "Slow down please." }, { "retry-after": "1" }),
    refusal(503, { message: "Overloaded." }),
    done("It worked at last."),
  ),
  refused: sequence(refusal(400, { message: "This model does not exist.", type: "invalid_request_error" })),
  unauthorized: sequence(refusal(401, { message: "Bad key." })),
  signedout: sequence(
    [says("First I count."), call("bash", { command: "echo one >> count.txt; cat count.txt", description: "Count" })],
    {
      kind: "refusal",
      status: 401,
      body: wireErrorBody("ReauthRequired", "ChatGPT signed you out.", "request"),
      headers: {},
    },
    done("It counted to one."),
  ),
  storm: sequence(refusal(500, { message: "Broken." })),
  cut: sequence([says("This stops in the mid"), { kind: "cut" }], done("dle of a word.")),
  empty: sequence([]),
  length: sequence([says("Cut off mid"), { kind: "finish", reason: "length" }]),
  filter: sequence([says("Blocked"), { kind: "finish", reason: "content_filter" }]),
  nofinish: sequence([says("A clean end."), { kind: "leave" }]),
  nocalls: sequence([says("I call."), { kind: "finish", reason: "tool_calls" }]),
  broken: sequence([
    says("Half of an ans"),
    { kind: "error", body: { error: { message: "Exploded in the middle.", code: 500 } } },
  ]),
  unusable: sequence([
    says("Half of an ans"),
    {
      kind: "error",
      body: { error: { message: "It ended too early. [threadbox unusable]", type: "upstream_error", code: null } },
    },
  ]),
  oddreason: sequence([says("The end."), { kind: "finish", reason: "eos" }]),
  cuts: sequence([says("Half of an ans"), { kind: "cut" }]),
  bigoutput: sequence([call("bash", { command: "seq 1 2400", description: "Much output" })], done("Much.")),
  limited: sequence(
    refusal(
      429,
      { message: "You exceeded your plan [threadbox limit 600]", type: "upstream_error", code: null },
      { "retry-after": "600" },
    ),
  ),
  marks: sequence(
    [call("write", { filePath: "marks/own.txt", content: ownMarks })],
    [
      call("read", { filePath: "marks/own.txt" }),
      call("read", { filePath: "marks/own.txt", offset: 2, limit: 1 }),
      call("read", { filePath: "marks" }),
      call("glob", { pattern: "marks/*.txt" }),
      call("glob", { pattern: "marks/*.none" }),
      call("grep", { pattern: "total", path: "marks" }),
    ],
    [
      call("bash", { command: "echo begun; sleep 60", description: "Take too long", timeout: 300 }),
      call("bash", { command: "cat marks/own.txt", description: "Show the file" }),
      call("bash", { command: "true", description: "Say nothing" }),
    ],
    [call("bash", { command: manyFiles, description: "Make files" })],
    [
      call("glob", { pattern: "many/*.txt" }),
      call("grep", { pattern: "needle", path: "many" }),
      call("read", { filePath: "many", limit: 3 }),
    ],
    done("Read them all."),
  ),
};

/** What the model answers in the recorded scenarios: each prompt names its own, as `scenario:<name>`. */
export const playScenarios = (): Answerer => {
  const answered = new Map<string, number>();
  return (request) => {
    const scenario = /scenario:([a-z0-9-]+)/.exec(promptOf(request))?.[1] ?? "none";
    const count = answered.get(scenario) ?? 0;
    answered.set(scenario, count + 1);
    const answers = scripts[scenario.split("-")[0] ?? scenario] ?? [steps(...done("No such scenario."))];
    return answers[Math.min(count, answers.length - 1)] ?? steps();
  };
};
