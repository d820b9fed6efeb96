import { demoModelTexts } from "./demo-model-texts.ts";

const settings = `MODEL_BASE_URL=https://api.example.com/v1
MODEL_API_KEY=…
MODEL_NAME=…`;

const code = (text: string) => (
  <code key={text} className="rounded-sm bg-hover px-1 py-0.5 text-xs">
    {text}
  </code>
);

/** How to speak to the demo model, and how to connect another one. */
export default function DemoModelHelp() {
  return (
    <div className="space-y-3 text-sm leading-6">
      <p>{demoModelTexts.does.split("`").map((text, index) => (index % 2 === 0 ? text : code(text)))}</p>
      <p>{demoModelTexts.connect}</p>
      <pre dir="ltr" className="whitespace-pre-wrap rounded-lg border bg-sunken px-3 py-2.5 text-xs leading-5">
        {settings}
      </pre>
      <p className="text-ink-muted">{demoModelTexts.key}</p>
    </div>
  );
}
