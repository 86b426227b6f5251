import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { WorkQueue } from '../constructs/work-queue.ts';
import type { Workflow } from '../constructs/workflow.ts';
import type { FunctionName } from '../function-catalogue.ts';
import type { Grant } from '../grants/grant.ts';
import type { SharedState } from '../stacks/state-stack.ts';
import type { StageConfig } from '../stages.ts';

/** What a function is told and what it may do. */
export interface Wiring {
  readonly environment: Readonly<Record<string, string>>;
  readonly grants: readonly Grant[];
  readonly failuresShowIn: string;
}

export interface DataResources {
  readonly stage: StageConfig;
  readonly state: SharedState;
  readonly wakeup: WorkQueue;
  readonly export: WorkQueue;
  readonly pull: WorkQueue;
  readonly events: EventBus;
}

export interface Workflows {
  readonly metering: Workflow;
  readonly close: Workflow;
  readonly forecasting: Workflow;
  readonly rebuilding: Workflow;
}

/** Functions that start or watch state machines; the others are made first, since state machines call them. */
export type CallerName = 'read' | 'admin' | 'wake';
export type WorkerName = Exclude<FunctionName, CallerName>;

/** Where the failure of a function shows, by what calls it. */
export const FAILURES = {
  api: 'the caller gets the error as the answer.',
  queue: 'the queue redelivers, then sets the message aside in its dead-letter queue.',
  workflow: 'the execution records the error and its alarm tells of it.',
  schedule: 'the next run of the schedule does the work, and the alarm on errors tells of it.',
} as const;
