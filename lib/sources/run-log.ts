import type { PulledObject, PullRequest, SourceRun } from '../ports/sources.ts';

const OBJECTS_KEPT = 20;
const WARNINGS_KEPT = 10;

/** Gathers what a run did. */
export class RunLog {
  readonly #request: PullRequest;
  readonly #startedAt: Date;
  readonly #warnings: string[] = [];
  #objects: readonly PulledObject[] = [];
  #windows = 0;
  #requests = 0;
  #objectCount = 0;
  #newObjectCount = 0;

  constructor(request: PullRequest, startedAt: Date) {
    this.#request = request;
    this.#startedAt = startedAt;
  }

  window(): void {
    this.#windows += 1;
  }

  object(object: PulledObject): void {
    this.#objectCount += 1;
    if (object.isNew) this.#newObjectCount += 1;
    this.#objects = [...this.#objects, object].slice(-OBJECTS_KEPT);
  }

  requests(count: number): void {
    this.#requests = count;
  }

  warn(warning: string): void {
    if (this.#warnings.length < WARNINGS_KEPT) this.#warnings.push(warning);
  }

  end(now: Date, ended: Pick<SourceRun, 'outcome' | 'error'>): SourceRun {
    return {
      id: this.#request.run,
      actor: this.#request.actor,
      startedAt: this.#startedAt.toISOString(),
      finishedAt: now.toISOString(),
      ...ended,
      windows: this.#windows,
      requests: this.#requests,
      objectCount: this.#objectCount,
      newObjectCount: this.#newObjectCount,
      objects: this.#objects,
      warnings: [...this.#warnings],
    };
  }
}
