import { assert } from '../../assert.ts';
import type { Workflow } from '../../ports/messages.ts';

type Description = NonNullable<Awaited<ReturnType<Workflow['describe']>>>;

interface Run {
  readonly name: string;
  readonly arn: string;
  readonly input: unknown;
  description: Description;
}

/** A state machine whose runs do nothing until a test ends them. */
export interface MemoryWorkflow extends Workflow {
  readonly runs: readonly Run[];
  finish(name: string, end: Partial<Description>): void;
}

export function memoryWorkflow(): MemoryWorkflow {
  const runs: Run[] = [];
  return {
    runs,
    async start(name, input) {
      const arn = `memory:${name}`;
      if (runs.some((run) => run.name === name)) return { started: false, arn };
      const description = { status: 'RUNNING', output: null, error: null, cause: null } as const;
      runs.push({ name, arn, input: structuredClone(input), description });
      return { started: true, arn };
    },
    async describe(arn) {
      return runs.find((run) => run.arn === arn)?.description ?? null;
    },
    async listRunning() {
      return runs
        .filter((run) => run.description.status === 'RUNNING')
        .map(({ name, arn }) => ({ name, arn }))
        .toReversed();
    },
    finish(name, end) {
      const run = runs.find((candidate) => candidate.name === name);
      assert(run !== undefined, `no run is named "${name}"`);
      run.description = { ...run.description, status: 'SUCCEEDED', ...end };
    },
  };
}
