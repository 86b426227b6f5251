/** What a killed process looks like from inside: no code after it runs. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

/** Counts calls over all ports it wraps, and kills at one of them. */
export class CrashPoint {
  calls = 0;
  #killAt = Number.POSITIVE_INFINITY;
  #when: 'before' | 'after' = 'before';

  killAt(call: number, when: 'before' | 'after'): void {
    this.calls = 0;
    this.#killAt = call;
    this.#when = when;
  }

  disarm(): void {
    this.calls = 0;
    this.#killAt = Number.POSITIVE_INFINITY;
  }

  /** The port, dying before or after the call at which it is to be killed, and staying dead. */
  wrap<T extends object>(port: T): T {
    const entries = Object.entries(port).map(([name, method]) => [
      name,
      typeof method === 'function' ? this.#crashing(method.bind(port)) : method,
    ]);
    return Object.fromEntries(entries) as T;
  }

  #crashing(method: (...args: unknown[]) => unknown) {
    return async (...args: unknown[]) => {
      this.calls += 1;
      if (this.calls > this.#killAt) throw new Killed();
      if (this.calls === this.#killAt && this.#when === 'before') throw new Killed();
      const answer = await method(...args);
      if (this.calls >= this.#killAt) throw new Killed();
      return answer;
    };
  }
}
