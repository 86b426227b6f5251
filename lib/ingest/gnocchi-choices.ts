import type { MeasureContext } from './gnocchi-measures.ts';
import { ObjectRefused } from './refusal.ts';

/** Ways in which Gnocchi aggregates the points of a bucket (gnocchi/archive_policy.py). */
const METHOD =
  /^(rate:)?(mean|sum|last|max|min|std|median|first|count|nunique|[1-9]?\d(\.\d+)?pct)$/;

/** Of several aggregates of one metric one counts: demand is a mean. @throws ObjectRefused where there is none */
export function pickMethod(
  entries: readonly (readonly [string, unknown])[],
  { line }: MeasureContext,
): readonly (readonly [string, unknown])[] {
  const methods = entries.filter(([key, inner]) => METHOD.test(key) && Array.isArray(inner));
  if (methods.length < 2) return entries;
  const mean = methods.filter(([key]) => key === 'mean');
  if (mean.length === 1) return mean;
  const names = methods.map(([key]) => key).join(', ');
  throw new ObjectRefused(
    'several_aggregates',
    `The body at line ${line} has ${names} of one metric, which would count demand more than once. Export mean alone.`,
  );
}

const METERS = { cores: 'vcpus', ram: 'memory' } as const;

/** The metric that is meant: Ceilometer's of that name, else the only one. @throws ObjectRefused */
export function meterOf(names: readonly string[], { line, metric }: MeasureContext): string {
  const found = [...new Set(names)].toSorted();
  const [only] = found;
  if (found.includes(METERS[metric])) return METERS[metric];
  if (only !== undefined && found.length === 1) return only;
  throw new ObjectRefused(
    'several_metrics',
    `The body at line ${line} has the metrics ${found.slice(0, 10).join(', ')}, and none is ${METERS[metric]}: it cannot be told which is the demand of ${metric}. Keep the one that is meant.`,
  );
}
