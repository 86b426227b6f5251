import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import type { CreationKind } from './event.ts';

export interface Intent {
  readonly id: number;
  readonly bucket: string;
  readonly key: string;
  readonly kind: CreationKind;
}

const COMPACT_BYTES = 1024 * 1024;

/**
 * Objects that are about to be created and whose event is not in its queue yet. It is written before
 * the object, so an object can never exist without its event or its intent.
 */
export class IntentJournal {
  readonly #file: string;
  readonly #pending = new Map<number, Intent>();
  #descriptor: number;
  #bytes = 0;
  #lastId = 0;

  constructor(file: string) {
    this.#file = file;
    if (existsSync(file)) this.#load();
    this.#descriptor = this.#rewrite();
  }

  /** What a former run left open, oldest first. */
  get pending(): readonly Intent[] {
    return [...this.#pending.values()];
  }

  open(intended: Omit<Intent, 'id'>): Intent {
    this.#lastId += 1;
    const intent = { id: this.#lastId, ...intended };
    this.#pending.set(intent.id, intent);
    this.#append(intent);
    return intent;
  }

  /** The event is in its queue, or the object was refused. */
  close(intent: Intent): void {
    this.#pending.delete(intent.id);
    this.#append({ closed: intent.id });
    if (this.#bytes > COMPACT_BYTES) {
      closeSync(this.#descriptor);
      this.#descriptor = this.#rewrite();
    }
  }

  end(): void {
    closeSync(this.#descriptor);
  }

  #load(): void {
    for (const line of readFileSync(this.#file, 'utf8').split('\n')) {
      const entry = parseEntry(line);
      if (entry === null) continue;
      if ('closed' in entry) this.#pending.delete(entry.closed);
      else this.#pending.set(entry.id, entry);
      this.#lastId = Math.max(this.#lastId, 'closed' in entry ? entry.closed : entry.id);
    }
  }

  #rewrite(): number {
    const text = this.pending.map((intent) => `${JSON.stringify(intent)}\n`).join('');
    writeFileSync(`${this.#file}.new`, text);
    renameSync(`${this.#file}.new`, this.#file);
    this.#bytes = Buffer.byteLength(text);
    return openSync(this.#file, 'a');
  }

  #append(entry: unknown): void {
    this.#bytes += writeSync(this.#descriptor, `${JSON.stringify(entry)}\n`);
  }
}

/** Null for the torn line that a kill may leave at the end. */
function parseEntry(line: string): Intent | { readonly closed: number } | null {
  try {
    return line === '' ? null : JSON.parse(line);
  } catch {
    return null;
  }
}
