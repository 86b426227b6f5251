import { ProblemError } from '../errors.ts';
import { actorSegment, dayPrefix, formatSegment, parseLandingKey } from '../ingest/landing-key.ts';
import { replaySegment } from '../ingest/replay-key.ts';
import type { ByteWork } from '../ports/byte-work.ts';
import type { Ingest } from '../ports/ledger.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { quarantinedRows } from './quarantine-file.ts';

/** Of one replay in the service itself: more goes through a file. */
const REPLAY_BYTES_MAX = 32 * 1_048_576;

const NAME_DIGITS = 32;

export interface ReplayPorts {
  readonly lake: Pick<ObjectStore, 'open'>;
  readonly landing: Pick<ObjectStore, 'put'>;
  readonly bytes: Pick<ByteWork, 'sha256'>;
  readonly now: () => Date;
}

export interface ReplayedRows {
  /** Landing key of the new object: its ingest is found by it. */
  readonly key: string;
  readonly rows: number;
}

/** Where an object goes that sends refused rows of the ingest again; its key cites the ingest. */
export function replayKey(
  ingest: Ingest,
  { actor, at, name }: { readonly actor: string; readonly at: Date; readonly name: string },
): string {
  const { region, format } = parseLandingKey(ingest.key);
  const told = `${actorSegment(actor)}${formatSegment(format)}${replaySegment(ingest.id)}`;
  return `${dayPrefix(region, at.toISOString().slice(0, 10))}upload/${told}${name}`;
}

/**
 * Sends the refused rows of an ingest again as they are, in an object of JSON lines: what was against the settings of
 * then may fit those of now. The same rows again are the same object.
 *
 * @throws ProblemError `conflict` when the ingest has none; `refused` when they are no rows of JSON that stand alone, or
 *   only the start of one was kept; `too_large` beyond 32 MiB
 */
export async function replayRows(
  ports: ReplayPorts,
  ingest: Ingest,
  { actor, code }: { readonly actor: string; readonly code: string | null },
): Promise<ReplayedRows> {
  const lines: string[] = [];
  let characters = 0;
  for await (const { row, keptAs, line } of quarantinedRows(ports.lake, ingest, code)) {
    if (keptAs !== 'text' || !isObject(row)) throw notAlone(ingest, line, keptAs);
    lines.push(row);
    characters += row.length + 1;
    if (characters > REPLAY_BYTES_MAX) throw tooMuch(ingest);
  }
  if (lines.length === 0) throw nothingQuarantined(ingest, code);
  const body = new TextEncoder().encode(`${lines.join('\n')}\n`);
  const hash = ports.bytes.sha256();
  hash.update(body);
  const name = `${hash.hex().slice(0, NAME_DIGITS)}.jsonl`;
  const key = replayKey(ingest, { actor, at: ports.now(), name });
  await ports.landing.put(key, body, { contentType: 'application/x-ndjson' });
  return { key, rows: lines.length };
}

/** Rows of an array may span lines; a row that does would be cut where it is sent as one line. */
function isObject(row: string): boolean {
  return /^\s*\{/.test(row) && !/[\r\n]/.test(row.trim());
}

export function nothingQuarantined({ id }: Pick<Ingest, 'id'>, code: string | null): ProblemError {
  const what = code === null ? 'no row' : `no row as "${code}"`;
  return new ProblemError('conflict', `The ingest ${id} has refused ${what}: nothing to replay.`);
}

function notAlone({ id }: Ingest, line: number, keptAs: string): ProblemError {
  const why =
    keptAs === 'text'
      ? 'is no JSON object on a line of its own'
      : 'cannot be sent as it is: it is too long, or not UTF-8';
  return new ProblemError(
    'refused',
    `The row at line ${line} of ${id} ${why}. Write the rows to a file, mend it, and replay the file: headroom quarantine replay ${id} --out FILE, then --file FILE.`,
  );
}

function tooMuch({ id }: Ingest): ProblemError {
  return new ProblemError(
    'too_large',
    `The refused rows of ${id} are more than 32 MiB. Write them to a file and replay that: headroom quarantine replay ${id} --out FILE, then --file FILE.`,
  );
}
