import { describe, expect, it } from 'vitest';
import { checkDefinition } from '../../../infra/local/states/definition.ts';

const machine = (states: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  logicalId: 'Machine',
  name: 'machine',
  arn: 'arn:aws:states:eu-central-1:000000000000:stateMachine:machine',
  definition: { StartAt: Object.keys(states)[0], States: states, ...more },
});

const task = {
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName: 'f' },
  End: true,
};

describe('definitions of state machines', () => {
  it.each([
    {
      what: 'JSONata',
      states: { A: { ...task, QueryLanguage: 'JSONata' } },
      message: /A: QueryLa/,
    },
    {
      what: 'Assign',
      states: { A: { ...task, Assign: { x: 1 } } },
      message: /A: Assign is not run/,
    },
    {
      what: 'a distributed Map',
      states: {
        A: {
          Type: 'Map',
          ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED' }, States: {} },
        },
      },
      message: /Machine, A: a distributed Map is not run/,
    },
    {
      what: 'an item reader, deep inside',
      states: {
        A: {
          Type: 'Parallel',
          Branches: [{ States: { B: { Type: 'Map', ItemReader: {}, ItemProcessor: {} } } }],
        },
      },
      message: /Machine, B: ItemReader is not run/,
    },
    {
      what: 'tolerated failures',
      states: { A: { Type: 'Map', ToleratedFailureCount: 1, ItemProcessor: {} } },
      message: /A: ToleratedFailureCount is not run/,
    },
    {
      what: 'a task token',
      states: { A: { ...task, Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken' } },
      message: /A: arn:aws:states:::lambda:invoke.waitForTaskToken is not run here/,
    },
    {
      what: 'another service',
      states: { A: { ...task, Resource: 'arn:aws:states:::dynamodb:putItem' } },
      message: /A: arn:aws:states:::dynamodb:putItem is not run here; use a function/,
    },
    {
      what: 'one name for two states',
      states: { A: task, B: { Type: 'Map', ItemProcessor: { States: { A: task } } } },
      message: /Machine, A: another state of the machine has the same name/,
    },
  ])('with $what are refused', ({ states, message }) => {
    expect(() => checkDefinition(machine(states))).toThrow(message);
  });

  it('as a whole in JSONata are refused', () => {
    expect(() => checkDefinition(machine({ A: task }, { QueryLanguage: 'JSONata' }))).toThrow(
      /JSONata is not run/,
    );
  });

  it('give tasks without a timeout more than the interpreter’s 60 seconds', () => {
    const { definition, tasks } = checkDefinition(
      machine({ A: task, B: { ...task, TimeoutSeconds: 5 } }),
    );
    expect(definition).toMatchObject({
      States: { A: { TimeoutSeconds: 2_147_483 }, B: { TimeoutSeconds: 5 } },
    });
    expect(tasks.map(({ stateName }) => stateName)).toEqual(['A', 'B']);
  });
});
