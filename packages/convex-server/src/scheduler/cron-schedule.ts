import { createHash } from "node:crypto";
import type { JSONValue } from "convex/values";
import { Cron } from "croner";
import { Fault } from "../faults.ts";

/** A schedule as `cronJobs()` of the client library writes it; minutes and hours are UTC. */
export type CronSchedule =
  | { readonly type: "cron"; readonly cron: string }
  | { readonly type: "interval"; readonly seconds?: number; readonly minutes?: number; readonly hours?: number }
  | { readonly type: "hourly"; readonly minuteUTC?: number }
  | { readonly type: "daily"; readonly hourUTC: number; readonly minuteUTC?: number }
  | { readonly type: "weekly"; readonly dayOfWeek: string; readonly hourUTC: number; readonly minuteUTC?: number }
  | { readonly type: "monthly"; readonly day: number; readonly hourUTC: number; readonly minuteUTC?: number };

/** One entry of `convex/crons.ts`. */
export interface CronJob {
  readonly name: string;
  /** "dir/mod:fn". */
  readonly path: string;
  readonly args: JSONValue;
  readonly schedule: CronSchedule;
}

type CalendarSchedule = Exclude<CronSchedule, { readonly type: "interval" }>;

/** Where none is said the runs of an hour are spread: each name has its own minute. */
const minuteOf = (name: string): number => createHash("sha256").update(name).digest().readUInt16BE(0) % 60;

const expressionOf = (name: string, schedule: CalendarSchedule): string => {
  if (schedule.type === "cron") return schedule.cron;
  const { minuteUTC = minuteOf(name) } = schedule;
  switch (schedule.type) {
    case "hourly":
      return `${minuteUTC} * * * *`;
    case "daily":
      return `${minuteUTC} ${schedule.hourUTC} * * *`;
    case "weekly":
      return `${minuteUTC} ${schedule.hourUTC} * * ${schedule.dayOfWeek.slice(0, 3)}`;
    case "monthly":
      return `${minuteUTC} ${schedule.hourUTC} ${schedule.day} * *`;
  }
};

const intervalMs = ({ seconds = 0, minutes = 0, hours = 0 }: Extract<CronSchedule, { type: "interval" }>): number =>
  (seconds + 60 * minutes + 3600 * hours) * 1000;

const calendarOf = (name: string, schedule: CalendarSchedule): Cron => {
  const expression = expressionOf(name, schedule);
  try {
    return new Cron(expression, { timezone: "UTC", mode: "5-part", paused: true });
  } catch {
    throw new Fault("InvalidRequest", `The cron job "${name}" has no schedule that can be read: "${expression}".`);
  }
};

/** When a job that is new runs first, in milliseconds since 1970: one with an interval at once. */
export const firstRun = (name: string, schedule: CronSchedule, now: number): number =>
  schedule.type === "interval" ? now : nextRun(name, schedule, now, now);

/** The first run after `now`, counted from one that was planned for `planned`. What was missed is not made up for. */
export const nextRun = (name: string, schedule: CronSchedule, planned: number, now: number): number => {
  if (schedule.type === "interval") {
    const every = intervalMs(schedule);
    return planned + every * Math.max(1, Math.floor((now - planned) / every) + 1);
  }
  const next = calendarOf(name, schedule).nextRun(new Date(Math.max(planned, now)));
  if (next === null) throw new Fault("InvalidRequest", `The cron job "${name}" would never run.`);
  return next.getTime();
};
