import { count, type Metric, type MetricContext, type MetricReport, NotMeasurableError } from "../harness/metric.ts";
import { type LoadedFile, loadThread, openBrowser, signInAndPrompt } from "../subjects/browser.ts";
import { Product } from "../subjects/product.ts";
import { chatCriticalPath, gzBytes } from "../subjects/web-build.ts";

const kB = 1_000;
const target = { jsKb: 180, requests: 12 } as const;
/** gz JavaScript of the same first page, as the performance programme lists them. */
const openCodeWebKb = 861;
const orientation = { "react + react-dom": 67, CopilotKit: 943, "stream-chat": 563, "assistant-ui minimal": 116 };
const loads = 3;

type Finding = Pick<MetricReport, "counts" | "notes">;

const sumKb = (sizes: readonly number[]): number => sizes.reduce((sum, size) => sum + size, 0) / kB;
const baseName = (path: string): string => path.split("/").at(-1) ?? path;

/** From the files of the build alone: the same on every machine. */
const fromBuild = async (): Promise<Finding> => {
  const { route, files } = await chatCriticalPath();
  const kb = (ending: string) => sumKb(files.flatMap((file) => (file.path.endsWith(ending) ? [file.gzBytes] : [])));
  const largest = [...files].sort((a, b) => b.gzBytes - a.gzBytes).slice(0, 5);
  return {
    counts: [
      count("build: JavaScript of a thread’s page, gz", kb(".js"), "kB", { max: target.jsKb }),
      count("build: CSS, gz", kb(".css"), "kB"),
      count("build: files of a thread’s page", files.length, "files"),
    ],
    notes: [
      `The build's numbers leave out what is asked for lazily. Head of ${route}; largest: ${largest.map((file) => `${baseName(file.path)} ${(file.gzBytes / kB).toFixed(1)} kB`).join(", ")}.`,
    ],
  };
};

const isCode = ({ kind }: LoadedFile) => kind === "script" || kind === "stylesheet";
const isBeforeUse = (file: LoadedFile) => file.isBeforeUse;

const largest = (files: readonly LoadedFile[]): string =>
  files
    .filter(isCode)
    .map(({ url, body, isBeforeUse: isEarly }) => ({
      name: baseName(url),
      size: gzBytes(body),
      when: isEarly ? "" : " later",
    }))
    .sort((a, b) => b.size - a.size)
    .slice(0, 8)
    .map(({ name, size, when }) => `${name} ${(size / kB).toFixed(1)} kB${when}`)
    .join(", ");

/** As Chromium really loads it. */
const fromBrowser = async (product: Product, say: (line: string) => void): Promise<Finding> => {
  const browser = await openBrowser();
  try {
    const thread = await signInAndPrompt(browser, product.addresses.app);
    const seen: (readonly LoadedFile[])[] = [];
    for (let load = 0; load < loads; load++) {
      seen.push(await loadThread(browser, thread));
      say(`load ${load + 1} of ${loads}`);
    }
    const least = (of: (files: readonly LoadedFile[]) => number) => Math.min(...seen.map(of));
    const most = (of: (files: readonly LoadedFile[]) => number) => Math.max(...seen.map(of));
    const gzKb = (is: (file: LoadedFile) => boolean) => (files: readonly LoadedFile[]) =>
      sumKb(files.filter(is).map(({ body }) => gzBytes(body)));
    const isScript = ({ kind }: LoadedFile) => kind === "script";
    const early = gzKb((file) => isScript(file) && file.isBeforeUse);
    const js = most(early);
    const before = seen.map((files) => files.filter(isBeforeUse));
    const kinds = Map.groupBy(before[0] ?? [], ({ kind }) => kind);
    return {
      counts: [
        count("Chromium: JavaScript before use, gz, most of the loads", js, "kB", { max: target.jsKb }),
        count("Chromium: the same, least of the loads", least(early), "kB"),
        count("Chromium: JavaScript once nothing more comes, gz", most(gzKb(isScript)), "kB"),
        count(
          "Chromium: CSS before use, gz",
          most(gzKb((file) => file.kind === "stylesheet" && file.isBeforeUse)),
          "kB",
        ),
        count(
          "Chromium: JS and CSS on the wire",
          most((files) =>
            sumKb(files.filter((file) => isCode(file) && file.isBeforeUse).map(({ wireBytes }) => wireBytes)),
          ),
          "kB",
        ),
        count(
          "Chromium: requests of JS and CSS",
          most((files) => files.filter(isBeforeUse).filter(isCode).length),
          "requests",
        ),
        count(
          "Chromium: all requests",
          most((files) => files.filter(isBeforeUse).length),
          "requests",
          {
            max: target.requests,
          },
        ),
        count(`JavaScript before use / OpenCode web (${openCodeWebKb} kB)`, js / openCodeWebKb, "×", { max: 0.25 }),
        ...Object.entries(orientation).map(([name, kb]) =>
          count(`JavaScript before use / ${name} (${kb} kB)`, js / kb, "×"),
        ),
      ],
      notes: [
        `Largest: ${largest(seen[0] ?? [])}.`,
        `Chromium opens a thread of one prompt and its answer, ${loads} times with an empty cache; the most of them counts. Before use: ${[...kinds].map(([kind, files]) => `${files.length} ${kind}`).join(", ")}.`,
      ],
    };
  } finally {
    await browser.close();
  }
};

const run = async ({ say }: MetricContext): Promise<MetricReport> => {
  const started = await Product.start().catch((error: unknown) => {
    if (error instanceof NotMeasurableError) return error;
    throw error;
  });
  // Starting the product builds it, so the build is looked at afterwards.
  const build = await fromBuild();
  if (started instanceof NotMeasurableError) {
    return { series: [], counts: build.counts, notes: [...build.notes, `Not loaded in Chromium: ${started.message}`] };
  }
  try {
    const browser = await fromBrowser(started, say);
    return { series: [], counts: [...browser.counts, ...build.counts], notes: [...browser.notes, ...build.notes] };
  } finally {
    await started.stop();
  }
};

export const firstLoad: Metric = {
  id: "M7",
  title: "First load of the chat",
  workload:
    "Production build, signed in, a thread's page with an empty cache: bytes and requests until its messages can be read and one can type.",
  floor: "React and react-dom (67 kB)",
  peer: "OpenCode's own web UI (861 kB)",
  run,
};
