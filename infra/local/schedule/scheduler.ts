import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import { parseSchedule } from '../../../lib/schedule-expression.ts';
import type { SchedulePlan, ScheduleTarget } from '../template/plan.ts';

/** Timers of Node hold 31 bits of milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const firedSchema = z.record(z.string(), z.iso.datetime());

export interface SchedulerOptions {
  readonly schedules: readonly SchedulePlan[];
  readonly region: string;
  /** Remembers when each schedule last fired, so that a night's work that a pause skipped is made up for once. */
  readonly file: string;
  readonly fire: (target: ScheduleTarget, payload: string) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** Fires schedules at their times, while it runs. */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #fired: Record<string, string>;
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#fired = existsSync(options.file)
      ? firedSchema.parse(JSON.parse(readFileSync(options.file, 'utf8')))
      : {};
    for (const schedule of options.schedules)
      this.#fired[schedule.name] ??= new Date().toISOString();
    this.#save();
    for (const schedule of options.schedules) this.#arm(schedule);
  }

  stop(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  #arm(schedule: SchedulePlan): void {
    const last = new Date(this.#fired[schedule.name] ?? Date.now());
    const next = parseSchedule(schedule.expression, schedule.timeZone).next(last);
    if (next === null) return;
    const delayMs = Math.max(0, next.getTime() - Date.now());
    const timer =
      delayMs > LONGEST_TIMER_MS
        ? setTimeout(() => this.#arm(schedule), LONGEST_TIMER_MS)
        : setTimeout(() => this.#fire(schedule), delayMs);
    this.#timers.set(schedule.name, timer);
  }

  #fire(schedule: SchedulePlan): void {
    const at = new Date();
    this.#fired[schedule.name] = at.toISOString();
    this.#save();
    for (const target of schedule.targets) {
      const payload = target.input ?? JSON.stringify(this.#event(schedule, at));
      this.#options.fire(target, payload).catch(this.#options.onError);
    }
    this.#arm(schedule);
  }

  /** EventBridge's own event, for targets without an input of their own. */
  #event(schedule: SchedulePlan, at: Date): Record<string, unknown> {
    return {
      version: '0',
      id: randomUUID(),
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: '000000000000',
      time: `${at.toISOString().slice(0, 19)}Z`,
      region: this.#options.region,
      resources: [schedule.arn],
      detail: {},
    };
  }

  #save(): void {
    const { file } = this.#options;
    writeFileSync(`${file}.new`, JSON.stringify(this.#fired));
    renameSync(`${file}.new`, file);
  }
}
