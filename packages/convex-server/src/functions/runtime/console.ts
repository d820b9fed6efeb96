import { performance } from "node:perf_hooks";
import { inspect } from "node:util";
import { moduleScope, repeatedModuleScope, running, type Send } from "./invocation.ts";
import type { LogLevel } from "./messages.ts";

const levels = {
  debug: "DEBUG",
  log: "LOG",
  info: "INFO",
  warn: "WARN",
  error: "ERROR",
  trace: "LOG",
} as const satisfies Record<string, LogLevel>;

const lineLengthMax = 32_768;

const render = (values: readonly unknown[]): string => {
  const text = values.map((value) => inspect(value, { depth: 6, breakLength: Number.POSITIVE_INFINITY })).join(" ");
  return text.length > lineLengthMax ? `${text.slice(0, lineLengthMax)} [truncated]` : text;
};

/** A console whose lines belong to the function that writes them; lines of module scope go to the server alone. */
export const functionConsole = (send: Send): Console => {
  const write = (level: LogLevel, values: readonly unknown[]): void => {
    const id = running.getStore()?.id ?? moduleScope;
    if (id !== repeatedModuleScope) send({ type: "log", id, level, text: render(values) });
  };
  const methods = Object.fromEntries(
    Object.entries(levels).map(([name, level]) => [name, (...values: unknown[]) => write(level, values)]),
  );
  const timers = new Map<string, number>();
  return Object.assign(Object.create(globalThis.console), methods, {
    dir: (value: unknown) => write("LOG", [value]),
    assert: (condition: unknown, ...values: unknown[]) => {
      if (!condition) write("ERROR", ["Assertion failed", ...values]);
    },
    time: (label = "default") => timers.set(label, performance.now()),
    timeEnd: (label = "default") => {
      write("INFO", [`${label}: ${(performance.now() - (timers.get(label) ?? performance.now())).toFixed(3)}ms`]);
      timers.delete(label);
    },
  });
};
