import { renameSync, writeFileSync } from 'node:fs';
import type { Resources, RunningApp } from './start.ts';
import type { Plan } from './template/plan.ts';

export function resourcesOf(plan: Plan): Resources {
  const names = (items: readonly { readonly logicalId: string; readonly name: string }[]) =>
    Object.fromEntries(items.map(({ logicalId, name }) => [logicalId, name]));
  return {
    tables: names(plan.tables),
    buckets: names(plan.buckets),
    functions: names(plan.functions),
    queues: Object.fromEntries(plan.queues.map(({ logicalId, url }) => [logicalId, url])),
    stateMachines: Object.fromEntries(plan.machines.map(({ logicalId, arn }) => [logicalId, arn])),
  };
}

/** For the CLI and the tests, which find the running app by its data directory. */
export function writeInstance(file: string, app: Omit<RunningApp, 'stop' | 'plan'>): void {
  const { url, endpoints, region, resources } = app;
  const startedAt = new Date().toISOString();
  const instance = { url, pid: process.pid, startedAt, region, endpoints, resources };
  writeFileSync(`${file}.new`, `${JSON.stringify(instance, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}
