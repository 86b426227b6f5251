import { randomUUID } from 'node:crypto';
import { ASYNCHRONOUS_BYTES } from '../invocation/limits.ts';
import type { InvokeResult } from '../invocation/protocol.ts';
import { ServiceRefusal } from '../json-endpoint.ts';
import type { MachinePlan } from '../template/plan.ts';
import { type CheckedDefinition, checkDefinition } from './definition.ts';
import type { Execution, ExecutionStore, Outcome } from './execution-store.ts';
import { type RunningMachine, runMachine } from './interpreter.ts';

export type Invoke = (functionName: string, payload: string) => Promise<InvokeResult>;

/** State machines and their executions. */
export class StatesService {
  readonly #machines: ReadonlyMap<string, MachinePlan & { readonly checked: CheckedDefinition }>;
  readonly #store: ExecutionStore;
  readonly #invoke: Invoke;
  readonly #running = new Map<string, RunningMachine>();

  /** @throws AssemblyProblem when a machine uses what is not run here */
  constructor(machines: readonly MachinePlan[], store: ExecutionStore, invoke: Invoke) {
    this.#machines = new Map(
      machines.map((plan) => [plan.arn, { ...plan, checked: checkDefinition(plan) }]),
    );
    this.#store = store;
    this.#invoke = invoke;
  }

  /**
   * The same name and input while it runs is the same execution; any other use of a taken name is refused.
   * @throws ServiceRefusal
   */
  start(machineArn: string, given: { readonly name?: string; readonly input: string }): Execution {
    const machine = this.#machine(machineArn);
    const { name = randomUUID(), input } = given;
    checkName(name);
    checkInput(input);
    const arn = `${machineArn.replace(':stateMachine:', ':execution:')}:${name}`;
    const taken = this.#store.get(arn);
    if (taken !== null) {
      if (taken.status === 'RUNNING' && sameJson(taken.input, input)) return taken;
      throw new ServiceRefusal('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
    }
    const startedAt = Date.now();
    this.#store.add({ arn, machineArn, name, input, startedAt });
    const running = runMachine({
      machine,
      checked: machine.checked,
      execution: { arn, name, startedAt },
      input: JSON.parse(input),
      invoke: this.#invoke,
    });
    this.#running.set(arn, running);
    void running.outcome.then((outcome) => this.#finish(arn, outcome));
    return this.describe(arn);
  }

  /** @throws ServiceRefusal */
  describe(arn: string): Execution {
    const execution = this.#store.get(arn);
    if (execution === null) {
      throw new ServiceRefusal('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    }
    return execution;
  }

  /** @throws ServiceRefusal */
  stop(arn: string, reason: { readonly error?: string; readonly cause?: string }): Execution {
    this.describe(arn);
    this.#finish(arn, { status: 'ABORTED', ...reason });
    return this.describe(arn);
  }

  list(query: Parameters<ExecutionStore['list']>[0]): readonly Execution[] {
    this.#machine(query.machineArn);
    return this.#store.list(query);
  }

  /** Ends all executions; the store keeps their names. */
  abortAll(): void {
    for (const arn of [...this.#running.keys()]) {
      const cause = 'The local runner was stopped while this execution ran.';
      this.#finish(arn, { status: 'ABORTED', error: 'Local.Stopped', cause });
    }
  }

  #machine(arn: string) {
    const machine = this.#machines.get(arn);
    if (machine === undefined) {
      throw new ServiceRefusal(
        'StateMachineDoesNotExist',
        `State Machine Does Not Exist: '${arn}'`,
      );
    }
    return machine;
  }

  #finish(arn: string, outcome: Outcome): void {
    const running = this.#running.get(arn);
    if (running === undefined) return;
    this.#running.delete(arn);
    running.abort();
    this.#store.finish(arn, outcome, Date.now());
  }
}

function checkName(name: string): void {
  const allowed = /^[^\s\p{Cc}<>{}[\]?*"#%\\^|~`$&,;:/]{1,80}$/u;
  if (!allowed.test(name)) throw new ServiceRefusal('InvalidName', `Invalid Name: '${name}'`);
}

function checkInput(input: string): void {
  if (Buffer.byteLength(input) > ASYNCHRONOUS_BYTES) {
    const message = `Value at 'input' failed to satisfy constraint: Member must have length less than or equal to ${ASYNCHRONOUS_BYTES}`;
    throw new ServiceRefusal('ValidationException', message);
  }
  try {
    JSON.parse(input);
  } catch {
    throw new ServiceRefusal('InvalidExecutionInput', 'Invalid State Machine Execution Input');
  }
}

function sameJson(left: string, right: string): boolean {
  return left === right || JSON.stringify(JSON.parse(left)) === JSON.stringify(JSON.parse(right));
}
