import { describe, expect, it } from 'vitest';
import { stageConfig } from '../../infra/stages.ts';
import {
  type Definition,
  definitionOf,
  isFunction,
  runDefinition,
  statesOf,
  type TaskHandler,
} from './state-machine-definition.ts';
import { resourcesOf, synthesized } from './synthesized.ts';

const { service } = synthesized('prod');
const metering = definitionOf(service, 'Metering');
const close = definitionOf(service, 'Closing');
const forecasting = definitionOf(service, 'Forecasting');
const rebuilding = definitionOf(service, 'Rebuilding');

/** What Lambda itself answers; anything else is an error of ours, and the same call would fail again. */
const TRANSIENT =
  /^Lambda\.(ServiceException|AWSLambdaException|SdkClientException|ClientExecutionTimeoutException|TooManyRequestsException)$/;

describe.each<[string, Definition]>([
  ['metering', metering],
  ['close', close],
  ['forecasting', forecasting],
  ['rebuilding', rebuilding],
])('the state machine %s', (_name, definition) => {
  const states = statesOf(definition);

  it('is JSONPath, inline Map and Lambda tasks only', () => {
    const text = JSON.stringify(definition);
    expect(text).not.toMatch(/QueryLanguage|JSONata|\{%|"Assign"|"Output"|"Arguments"/);
    expect(text).not.toMatch(/DISTRIBUTED|ItemReader|ItemBatcher|ResultWriter|Tolerated/);
    expect(text).not.toMatch(/waitForTaskToken|HeartbeatSeconds|Credentials/);
    for (const [name, state] of states) {
      expect(['Task', 'Map', 'Choice', 'Pass', 'Succeed', 'Fail'], name).toContain(state.Type);
      if (state.Type === 'Task') expect(isFunction(state.Resource), name).toBe(true);
      if (state.Type === 'Map') expect(state.ItemProcessor?.ProcessorConfig.Mode).toBe('INLINE');
    }
  });

  it('limits the time of each Task and retries only what passes by itself', () => {
    for (const [name, state] of states.filter(([, { Type }]) => Type === 'Task')) {
      expect(state.TimeoutSeconds, name).toBeGreaterThan(0);
      for (const error of (state.Retry ?? []).flatMap(({ ErrorEquals }) => ErrorEquals)) {
        expect(error, name).toMatch(TRANSIENT);
      }
    }
  });

  it('names its states uniquely, those inside Map states included', () => {
    const names = states.map(([name]) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});

it('every state machine runs an execution name once, logs everything and is traced', () => {
  const machines = Object.values(resourcesOf(service, 'AWS::StepFunctions::StateMachine'));
  expect(machines.length).toBe(4);
  for (const { Properties } of machines) {
    expect(Properties).toMatchObject({
      StateMachineType: 'STANDARD',
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: true },
      TracingConfiguration: { Enabled: true },
    });
  }
});

describe('metering', () => {
  const partition = (day: number) => ({ region: 'west', date: `2026-10-0${day}`, shard: 0 });

  /** Months as the function `plan` keeps them. */
  function recorded(
    rounds: readonly (readonly number[])[],
    meter: TaskHandler = (input) => ({ ...(input as object), metered: true }),
  ) {
    const calls = {
      plans: [] as unknown[],
      metered: [] as unknown[],
      estimated: [] as unknown[],
    };
    const tasks = {
      Plan: (input: Parameters<TaskHandler>[0]) => {
        const partitions = (rounds[calls.plans.length] ?? []).map(partition);
        calls.plans.push(input);
        const { months } = input as { readonly months: string[] };
        return { partitions, months: partitions.length === 0 ? months : ['2026-10'] };
      },
      Meter: (input: Parameters<TaskHandler>[0]) => {
        calls.metered.push(input);
        return meter(input);
      },
      Estimate: (input: Parameters<TaskHandler>[0]) => {
        calls.estimated.push(input);
        return {};
      },
    };
    return { calls, tasks };
  }

  it('runs as many at a time as the stage says', () => {
    expect(metering.States['MeterEach']?.MaxConcurrency).toBe(
      stageConfig('prod').meteringConcurrency,
    );
  });

  it('ends at once when nothing is due', async () => {
    const { calls, tasks } = recorded([[]]);
    await runDefinition(metering, {}, tasks);
    expect(calls).toEqual({
      plans: [{ months: [], metered: [] }],
      metered: [],
      estimated: [],
    });
  });

  it('goes on until nothing is due, and estimates once then', async () => {
    const { calls, tasks } = recorded([[1, 2], [3]]);
    await runDefinition(metering, {}, tasks);
    expect(calls.metered).toEqual([partition(1), partition(2), partition(3)]);
    expect(calls.estimated).toEqual([{ mode: 'estimate', months: ['2026-10'] }]);
  });

  it('tells the next plan which months were touched and what was metered', async () => {
    const { calls, tasks } = recorded([[1, 2]]);
    await runDefinition(metering, {}, tasks);
    const metered = [1, 2].map((day) => ({ ...partition(day), metered: true }));
    expect(calls.plans).toEqual([
      { months: [], metered: [] },
      { months: ['2026-10'], metered },
    ]);
  });

  it('meters the others when one fails, and still estimates', async () => {
    const { calls, tasks } = recorded([[1, 2, 3]], (input) => {
      if (JSON.stringify(input).includes('2026-10-02')) throw new Error('no such part');
      return { ...(input as object), metered: true };
    });
    await runDefinition(metering, {}, tasks);
    expect(calls.metered.length).toBe(3);
    expect(calls.plans[1]).toMatchObject({
      metered: [{ metered: true }, { ...partition(2), metered: false }, { metered: true }],
    });
    expect(calls.estimated.length).toBe(1);
  });

  it('succeeds when a month cannot be estimated', async () => {
    const { calls, tasks } = recorded([[1], [2]]);
    const fail = () => {
      throw new Error('no rate card');
    };
    await runDefinition(metering, {}, { ...tasks, Estimate: fail });
    expect(calls.metered.length).toBe(2);
  });

  it('leaves the rest to the next wake-up before it runs out of history events, and estimates', async () => {
    const { calls, tasks } = recorded(Array.from({ length: 40 }, () => [1]));
    await runDefinition(metering, {}, tasks);
    expect(calls.plans.length).toBe(15);
    expect(calls.estimated).toEqual([{ mode: 'estimate', months: ['2026-10'] }]);
  });
});

describe('close', () => {
  const INPUT = { period: 'previous', actor: 'ada', issue: false };
  const CHECKED = { period: '2026-10', revision: 2, issued: false };

  async function run(input: typeof INPUT, overrides: Readonly<Record<string, TaskHandler>> = {}) {
    const calls: (readonly [string, unknown])[] = [];
    const record = (name: string, answer: TaskHandler): TaskHandler => {
      return (payload) => {
        calls.push([name, payload]);
        return answer(payload);
      };
    };
    const tasks = Object.fromEntries(
      Object.entries({
        Check: () => CHECKED,
        Rate: () => ({}),
        Issue: () => ({}),
        Failed: () => ({}),
        ...overrides,
      }).map(([name, answer]) => [name, record(name, answer)]),
    );
    const outcome = await runDefinition(close, input, tasks).then(
      () => 'closed',
      (error: unknown) => String(error),
    );
    return { calls, outcome };
  }

  it('checks, rates to a draft, and does not issue it', async () => {
    const { calls, outcome } = await run(INPUT);
    expect(outcome).toBe('closed');
    expect(calls).toEqual([
      ['Check', { step: 'check', run: 'run-1', ...INPUT, input: INPUT }],
      ['Rate', { mode: 'close', run: 'run-1', period: '2026-10', revision: 2, actor: 'ada' }],
    ]);
  });

  it('issues when asked', async () => {
    const { calls } = await run({ ...INPUT, issue: true });
    expect(calls.at(-1)).toEqual([
      'Issue',
      { step: 'issue', run: 'run-1', period: '2026-10', revision: 2, actor: 'ada' },
    ]);
  });

  it('leaves issued bills as they are', async () => {
    const { calls, outcome } = await run(INPUT, { Check: () => ({ ...CHECKED, issued: true }) });
    expect(calls.map(([name]) => name)).toEqual(['Check']);
    expect(outcome).toBe('closed');
  });

  it.each(['Check', 'Rate', 'Issue'])('records why %s failed, and fails', async (step) => {
    const { calls, outcome } = await run(
      { ...INPUT, issue: true },
      {
        [step]: () => {
          throw new Error('an ingest of west is running');
        },
      },
    );
    const [name, payload] = calls.at(-1) ?? [];
    expect(name).toBe('Failed');
    expect(payload).toMatchObject({
      step: 'failed',
      run: 'run-1',
      period: 'previous',
      actor: 'ada',
      cause: expect.stringContaining('an ingest of west is running'),
    });
    expect(outcome).not.toBe('closed');
  });
});

it('rebuilding calls until nothing is left, and gives what the last call gave', async () => {
  const calls: unknown[] = [];
  const outcome = await runDefinition(
    rebuilding,
    { region: null, dryRun: false },
    {
      Restore: (input) => {
        calls.push(input);
        const done = calls.length === 3;
        return { ...(input as object), done, cursor: done ? null : `after ${calls.length}` };
      },
    },
  );
  expect(calls).toHaveLength(3);
  expect(calls[2]).toMatchObject({ region: null, dryRun: false, cursor: 'after 2' });
  expect(outcome).toMatchObject({ done: true, cursor: null });
});

describe('forecasting', () => {
  it('surveys every region once and forecasts all its parts, and goes on when one fails', async () => {
    const [forecast, survey]: unknown[][] = [[], []];
    await runDefinition(
      forecasting,
      {},
      {
        List: () => ({
          targets: [
            { region: 'west', of: 'region' },
            { region: 'west', of: 'teams-cores' },
            { region: 'east', of: 'region' },
          ],
        }),
        Survey: (input) => {
          survey?.push(input);
          if (survey?.length === 1) throw new Error('out of memory');
          return {};
        },
        Forecast: (input) => {
          forecast?.push(input);
          if (forecast?.length === 2) throw new Error('too short');
          return {};
        },
      },
    );
    expect(survey).toEqual([{ region: 'west' }, { region: 'east' }]);
    // A region that is surveyed first comes later than its teams.
    const by = (input: unknown) =>
      Object.values(input as object)
        .toSorted()
        .join();
    expect(forecast?.toSorted((a, b) => (by(a) < by(b) ? -1 : 1))).toEqual([
      { step: 'forecast', region: 'east', of: 'region' },
      { step: 'forecast', region: 'west', of: 'region' },
      { step: 'forecast', region: 'west', of: 'teams-cores' },
    ]);
  });
});
