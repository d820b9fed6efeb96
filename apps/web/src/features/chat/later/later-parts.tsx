import { type ComponentType, type ReactNode, Suspense } from "react";
import { afterPaint } from "../../../lib/after-paint.ts";
import { lazyOrNothing } from "../../../lib/lazy-or-nothing.ts";
import { visibleText } from "../../text/index.ts";
import type { ToolWorkProps } from "../tools/tool-work.tsx";
import { Took } from "../turn/took.tsx";

const work = () => import("./work.ts");
const failures = () => import("./failures.ts");
const sent = () => import("./sent.ts");

/** The words of a thread are on the screen before the code of these is asked for. */
const later = <Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  meanwhile: (props: Props) => ReactNode = () => null,
) => {
  const Loaded = lazyOrNothing<Props>(async () => {
    await afterPaint();
    return { default: await load() };
  });
  return (props: Props) => (
    <Suspense fallback={meanwhile(props)}>
      <Loaded {...props} />
    </Suspense>
  );
};

/** Fetches the parts below, so that they are here also where the network has gone since. */
export const preloadParts = (): void => void Promise.all([work(), failures(), sent()]).catch(() => undefined);

const field = (value: unknown, name: string): string => {
  const text: unknown = Reflect.get(Object(value), name);
  return typeof text === "string" ? visibleText(text.trim()) : "";
};

/** A card's room and, where it will stand open, the command and what it printed: nothing moves when the card comes. */
const comingCard = ({ call: { toolName, input, output }, isOfNewestAnswer }: ToolWorkProps) => {
  const isOpen = toolName === "bash" && isOfNewestAnswer;
  return (
    <div className="relative overflow-hidden rounded-lg border bg-raised">
      <div className="flex min-h-9 items-center px-3 text-compact pointer-coarse:min-h-11">
        {isOpen ? <code className="break-words py-2 ps-6 text-xs">{field(input, "command")}</code> : null}
      </div>
      {isOpen ? (
        <div className="border-t bg-sunken">
          <pre className="relative max-h-80 overflow-hidden whitespace-pre-wrap break-words py-2.5 ps-3 pe-11 text-xs leading-5">
            {field(output, "text")}
          </pre>
        </div>
      ) : null}
    </div>
  );
};

export const ToolWork = later(async () => (await work()).ToolWork, comingCard);
export const TurnSteps = later(async () => (await work()).TurnSteps, Took);
export const TurnStatus = later(async () => (await work()).TurnStatus);
export const BesideWords = later(async () => (await sent()).BesideWords);
export const DeliveryLine = later(async () => (await sent()).DeliveryLine);
export const FailedTurn = later(async () => (await failures()).FailedTurn);
export const OffshootFromAnswer = later(async () => (await failures()).OffshootFromAnswer);
export const RestoreBeforeMessage = later(async () => (await failures()).RestoreBeforeMessage);
export const ThreadProblem = later(async () => (await failures()).ThreadProblem);
