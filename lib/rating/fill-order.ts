import { compareText } from '../identifiers.ts';

interface FillKey {
  readonly region: string;
  readonly project: string;
  readonly measure: string;
  readonly class: string;
  readonly resource: string;
  /** As one text. */
  readonly labels: string;
}

/** The order in which usage of an hour fills bands and shares (DESIGN section 5); measures come last, since counts and commitments are of one measure an hour. */
export function byFillOrder(a: FillKey, b: FillKey): number {
  return (
    compareText(a.region, b.region) ||
    compareText(a.project, b.project) ||
    compareText(a.class, b.class) ||
    compareText(a.resource, b.resource) ||
    compareText(a.labels, b.labels) ||
    compareText(a.measure, b.measure)
  );
}
