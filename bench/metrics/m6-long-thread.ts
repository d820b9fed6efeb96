import type { Observation, Subject } from "../harness/blocks.ts";
import { ratio } from "../harness/comparison.ts";
import { type Directive, printDirective } from "../harness/directive.ts";
import { count, type Metric, type MetricContext, type MetricReport } from "../harness/metric.ts";
import { floor, floorAgain, runSeries } from "../harness/series.ts";
import { openBrowser, type SignedInUser, signIn } from "../subjects/browser.ts";
import { startProgram } from "../subjects/child.ts";
import { Product } from "../subjects/product.ts";
import { type StoredThread, storeThreads } from "../subjects/stored-thread.ts";
import { ThreadView } from "../subjects/thread-view.ts";

const providerProgram = new URL("../subjects/provider.ts", import.meta.url).pathname;
const baseline = 20;
const sizes = [20, 200, 1_000, 5_000] as const;
const scroll = { frames: 60, px: 400 } as const;
const letters = 20;
const throttle = 4;
/** A chunk's work, so many times slower, may not hold the page up for longer than this. */
const longTaskMs = 50;

const nameOf = ({ count: messages }: StoredThread): string => messages.toLocaleString("en");

interface Bench {
  readonly user: SignedInUser;
  readonly product: Product;
}

const openThread = ({ user, product }: Bench, { threadId, lastMessageId }: StoredThread) =>
  ThreadView.open(user.context, `${product.addresses.app}/t/${threadId}`, lastMessageId);

/** Opens a thread and uses it as a reader does. */
const observeThread = async (bench: Bench, thread: StoredThread): Promise<Observation> => {
  const view = await openThread(bench, thread);
  try {
    const openMs = await view.openedMs();
    const liveMs = await view.now();
    const opening = await view.longTasksSince(0);
    const nodes = await view.domNodes();
    const typedMs = await view.typeLetters(letters);
    const scrolledAt = await view.now();
    const frameMs = await view.scrollUp(scroll.frames, scroll.px);
    const scrolling = await view.longTasksSince(scrolledAt);
    const nodesUp = await view.domNodes();
    return {
      samples: {
        openMs: [openMs],
        liveMs: [liveMs],
        blockedMs: [opening.reduce((sum, ms) => sum + ms, 0)],
        domNodes: [nodes],
        domNodesScrolled: [nodesUp],
        heapBytes: [await view.heapBytes()],
        typedMs,
        scrollFrameMs: frameMs,
        scrollLongTasks: [scrolling.length],
      },
      faults: {},
    };
  } finally {
    await view.close();
  }
};

/** Tasks of more than 50 ms while one answer is streamed into the thread, on a processor so many times slower. */
const observeAppend = async (bench: Bench, thread: StoredThread, directive: Directive): Promise<readonly number[]> => {
  const view = await openThread(bench, thread);
  try {
    // The first answer starts the thread's sandbox.
    await view.ask(printDirective({ tokens: 5, firstMs: 0, everyMs: 20 }));
    await view.slowDown(throttle);
    const sentAt = await view.now();
    await view.ask(printDirective(directive));
    return await view.longTasksSince(sentAt);
  } finally {
    await view.close();
  }
};

const run = async ({ blocks, isQuick, say }: MetricContext): Promise<MetricReport> => {
  const provider = await startProgram(providerProgram);
  const product = await Product.start(`${provider.origin}/v1`);
  const browser = await openBrowser();
  try {
    const user = await signIn(browser, product.addresses.app);
    const bench = { user, product };
    const stored = await storeThreads(product, user, sizes, say);
    const [short, ...longer] = stored;
    if (short === undefined) throw new Error("There is no thread to compare with.");
    const subject = (name: string, thread: StoredThread): Subject => ({
      name,
      observe: () => observeThread(bench, thread),
    });
    const series = await runSeries(
      {
        title: `threads of ${sizes.join(", ")} messages, opened in a new tab`,
        subjects: [subject(floor, short), subject(floorAgain, short), ...longer.map((it) => subject(nameOf(it), it))],
        blocks,
        warmUps: 1,
        checks: ["openMs", "domNodes"],
        comparisons: longer.flatMap((it) => {
          const name = nameOf(it);
          const to = (measure: string, what: string, max?: number) => ({
            title: `${what}, ${name} / ${baseline}`,
            measure,
            of: ratio(name, floor),
            ...(max === undefined ? {} : { target: { max } }),
          });
          return [
            to("openMs", "open until the last message is painted", 1.3),
            to("domNodes", "elements on the page", 1.5),
            to("domNodesScrolled", "elements after scrolling up", 1.5),
            to("liveMs", "open until the thread is live"),
            to("blockedMs", "tasks over 50 ms while it opens, in sum"),
            to("heapBytes", "heap"),
            to("typedMs", "a letter typed"),
            to("scrollFrameMs", "a frame while scrolling up"),
          ];
        }),
      },
      (done) => say(`block ${done} of ${blocks}`),
    );
    const directive: Directive = { tokens: isQuick ? 50 : 500, firstMs: 200, everyMs: 20 };
    const counts = [];
    for (const thread of stored) {
      say(`streaming into ${nameOf(thread)} messages`);
      const tasks = await observeAppend(bench, thread, directive);
      counts.push(
        count(
          `tasks over ${longTaskMs} ms while ${directive.tokens} tokens stream into ${nameOf(thread)} messages, processor ${throttle}× slower`,
          tasks.length,
          "tasks",
        ),
        count(`the longest of them, ${nameOf(thread)} messages`, Math.round(Math.max(0, ...tasks)), "ms"),
      );
    }
    return {
      series: [series],
      counts,
      notes: [
        "Times are the page's own clock, from the navigation on. The transcripts are made up: a question and an answer in turn, lists, code in every fourth message, a command in two of three answers.",
      ],
    };
  } finally {
    await browser.close();
    await product.stop();
  }
};

export const longThread: Metric = {
  id: "M6",
  title: "Long thread",
  workload: "Threads of 20, 200, 1,000 and 5,000 messages: opened, typed in, scrolled up, and answered in.",
  floor: "the thread of 20 messages on the same build",
  peer: "none: the ratio is to the short thread",
  run,
};
