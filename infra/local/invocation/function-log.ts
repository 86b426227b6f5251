import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { InvokeResult } from './protocol.ts';

const LARGEST_BYTES = 20 * 1024 * 1024;

/** One function's log: JSON lines, as Lambda's JSON format writes them. An old file is kept as `.1`. */
export class FunctionLog {
  readonly #file: string;
  #bytes: number;

  constructor(file: string) {
    this.#file = file;
    mkdirSync(dirname(file), { recursive: true });
    this.#bytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** Takes over what a process prints; lines that are no JSON are wrapped. */
  follow(stream: Readable, requestId: () => string): void {
    createInterface({ input: stream }).on('line', (line) => {
      if (line.startsWith('{') && line.endsWith('}')) this.#append(line);
      else if (line !== '') this.#write({ level: 'INFO', requestId: requestId(), message: line });
    });
  }

  initialized(durationMs: number, result: InvokeResult): void {
    this.#write({
      type: 'platform.initReport',
      record: { status: result.ok ? 'success' : 'error', metrics: { durationMs } },
      ...(!result.ok && { error: result.error }),
    });
  }

  report(requestId: string, durationMs: number, result: InvokeResult): void {
    this.#write({
      type: 'platform.report',
      record: { requestId, status: result.ok ? 'success' : 'error', metrics: { durationMs } },
      ...(!result.ok && { level: 'ERROR', error: result.error }),
    });
  }

  #write(entry: Record<string, unknown>): void {
    this.#append(JSON.stringify({ timestamp: new Date().toISOString(), ...entry }));
  }

  #append(line: string): void {
    if (this.#bytes > LARGEST_BYTES) {
      renameSync(this.#file, `${this.#file}.1`);
      this.#bytes = 0;
    }
    appendFileSync(this.#file, `${line}\n`);
    this.#bytes += Buffer.byteLength(line) + 1;
  }
}
