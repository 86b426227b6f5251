import type { Ledger } from '../ports/ledger.ts';
import type { Messages } from '../ports/messages.ts';
import type { ObjectInfo } from '../ports/object-store.ts';
import { originOf } from './landing-key.ts';

export interface OfferPorts {
  readonly ledger: Pick<Ledger, 'isFinal'>;
  readonly messages: Pick<Messages, 'offerLandingObjects'>;
  readonly now: () => Date;
  /** Younger objects are left to their own event. */
  readonly graceSeconds: number;
}

const LOOKED_AT_ONCE = 100;
const ASKED_AT_ONCE = 16;

/** Asks the ledger about objects, and offers those without a final state: each once in a sweep. */
export class Offers {
  readonly #ports: OfferPorts;
  readonly #offered = new Set<string>();
  #waiting: ObjectInfo[] = [];
  /** When the oldest was put of those found open since this was last set to null. */
  oldestOpen: Date | null = null;

  constructor(ports: OfferPorts) {
    this.#ports = ports;
  }

  get count(): number {
    return this.#offered.size;
  }

  /** @returns whether the object is old enough to be looked at */
  async look(object: ObjectInfo): Promise<boolean> {
    const { now, graceSeconds } = this.#ports;
    if (object.putAt.getTime() > now().getTime() - graceSeconds * 1_000) return false;
    this.#waiting.push(object);
    if (this.#waiting.length === LOOKED_AT_ONCE) await this.flush();
    return true;
  }

  async flush(): Promise<void> {
    const open = await this.#withoutFinal(this.#waiting);
    this.#waiting = [];
    for (const { putAt } of open) {
      if (this.oldestOpen === null || putAt < this.oldestOpen) this.oldestOpen = putAt;
    }
    const fresh = open.filter(({ key }) => !this.#offered.has(key));
    if (fresh.length === 0) return;
    await this.#ports.messages.offerLandingObjects(
      fresh.map(({ key, sizeBytes }) => ({ key, sizeBytes })),
    );
    for (const { key } of fresh) this.#offered.add(key);
  }

  async #withoutFinal(objects: readonly ObjectInfo[]): Promise<ObjectInfo[]> {
    const open: ObjectInfo[] = [];
    for (let start = 0; start < objects.length; start += ASKED_AT_ONCE) {
      const some = objects.slice(start, start + ASKED_AT_ONCE);
      const finals = await Promise.all(
        some.map(({ key, putAt }) => this.#ports.ledger.isFinal(originOf(key).region, key, putAt)),
      );
      open.push(...some.filter((_, index) => finals[index] === false));
    }
    return open;
  }
}
