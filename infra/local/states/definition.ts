import type { MachinePlan } from '../template/plan.ts';
import { AssemblyProblem } from '../template/problem.ts';
import { functionName } from '../template/read-functions.ts';

/** A Task state and the function that it calls. */
export interface TaskState {
  readonly stateName: string;
  /** Null when its Parameters name the function. */
  readonly functionName: string | null;
}

export interface CheckedDefinition {
  /** With the timeouts that the interpreter needs spelled out. */
  readonly definition: Readonly<Record<string, unknown>>;
  readonly tasks: readonly TaskState[];
}

type Node = Record<string, unknown>;

const INVOKE = /^arn:aws[\w-]*:states:::lambda:invoke$/;
/** The longest that Node's timers hold; the interpreter would end a task after 60 s otherwise. */
const LONGEST_SECONDS = 2_147_483;

/**
 * Refuses, by name, what the interpreter ignores or does otherwise than Step Functions.
 * @throws AssemblyProblem
 */
export function checkDefinition(machine: MachinePlan): CheckedDefinition {
  const tasks: TaskState[] = [];
  const names = new Set<string>();
  const refuse = (where: string, what: string): never => {
    throw new AssemblyProblem(`state machine ${machine.logicalId}, ${where}: ${what}`);
  };

  function checkMachine(node: Node, where: string): Node {
    if ((node['QueryLanguage'] ?? 'JSONPath') !== 'JSONPath') refuse(where, NOT_RUN('JSONata'));
    const states = (node['States'] ?? {}) as Record<string, Node>;
    const checked = Object.entries(states).map(([name, state]) => {
      if (names.has(name)) refuse(name, 'another state of the machine has the same name');
      names.add(name);
      return [name, checkState(name, state)] as const;
    });
    return { ...node, ...timeout(node), States: Object.fromEntries(checked) };
  }

  function checkState(name: string, state: Node): Node {
    for (const key of [
      'QueryLanguage',
      'Assign',
      'ItemReader',
      'ItemBatcher',
      'ResultWriter',
      'HeartbeatSeconds',
      'Credentials',
    ]) {
      if (key in state && state[key] !== 'JSONPath') refuse(name, NOT_RUN(key));
    }
    const tolerance = Object.keys(state).find((key) => key.startsWith('ToleratedFailure'));
    if (tolerance !== undefined) refuse(name, NOT_RUN(tolerance));
    if (state['Type'] === 'Task') return checkTask(name, state);
    if (state['Type'] === 'Map') return checkMap(name, state);
    if (state['Type'] !== 'Parallel') return state;
    const branches = state['Branches'] as Node[];
    return { ...state, Branches: branches.map((branch) => checkMachine(branch, name)) };
  }

  function checkMap(name: string, state: Node): Node {
    const key = 'ItemProcessor' in state ? 'ItemProcessor' : 'Iterator';
    const inner = state[key] as Node;
    const { ProcessorConfig: config, ...rest } = inner;
    const mode = (config as Node | undefined)?.['Mode'] ?? 'INLINE';
    if (mode !== 'INLINE') refuse(name, NOT_RUN('a distributed Map'));
    return { ...state, [key]: checkMachine(rest, name) };
  }

  function checkTask(name: string, state: Node): Node {
    const resource = String(state['Resource']);
    const direct = /^arn:aws[\w-]*:lambda:/.test(resource);
    if (!direct && !INVOKE.test(resource))
      refuse(name, `${resource} is not run here; use a function`);
    tasks.push({ stateName: name, functionName: direct ? functionName(resource) : null });
    return { ...state, ...timeout(state, LONGEST_SECONDS) };
  }

  return { definition: checkMachine(machine.definition, machine.logicalId), tasks };
}

const NOT_RUN = (feature: string) =>
  `${feature} is not run on one machine; use JSONPath, inline Maps and Lambda tasks`;

function timeout(node: Node, otherwise?: number): Node {
  if ('TimeoutSecondsPath' in node) return {};
  const seconds = node['TimeoutSeconds'] ?? otherwise;
  return seconds === undefined
    ? {}
    : { TimeoutSeconds: Math.min(Number(seconds), LONGEST_SECONDS) };
}
