import { publisherRow } from '../lib/ingest/samples.ts';

/** A day of polls of a few instances and a counter, in the order of time. */
export function dayOfSamples(prefix: string, options: { readonly polls?: number } = {}): string[] {
  const polls = Array.from({ length: options.polls ?? 24 }, (_, n) => n);
  return polls.flatMap((n) => {
    const minute = String(n % 60).padStart(2, '0');
    const hour = String(Math.floor(n / 60) + (polls.length <= 24 ? n : 0)).padStart(2, '0');
    const timestamp = `2026-10-05T${hour}:${minute}:00`;
    const own = (name: string, changes: object) =>
      publisherRow({ resource_id: name, timestamp, id: `${name}-${n}`, ...changes });
    return [
      own(`${prefix}-a`, { volume: 4 }),
      own(`${prefix}-b`, { volume: 2, project_id: 'p2' }),
      own(`${prefix}-a`, {
        name: 'cpu',
        type: 'cumulative',
        unit: 'ns',
        volume: n * 1_000_000_007,
      }),
    ];
  });
}
