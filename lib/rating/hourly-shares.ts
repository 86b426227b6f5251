import { assert } from '../assert.ts';
import { fromInteger, unscaledAt } from '../decimal/decimal.ts';
import type { InstantUs } from '../period/instant.ts';
import { HOUR_US } from '../period/instant.ts';
import type { ShareBook, ShareSpan } from './shares.ts';
import { UNASSIGNED } from './team.ts';

/** A team's part of an hour: quantity x `factor` is its part at `quantityScale`. */
interface TeamPart {
  readonly team: string;
  readonly factor: bigint;
}

/** Who bears a project, hour by hour, exactly: percents become factors, and nothing is divided. */
export class HourlyShares {
  /** Decimals that a part has more than the quantity that is divided. */
  readonly addedScale: number;
  readonly #start: InstantUs;
  readonly #spans = new Map<string, readonly PartSpan[]>();
  readonly #nobody: readonly TeamPart[];

  constructor(book: ShareBook, start: InstantUs) {
    const spans = [...book.values()].flat();
    const percentScale = Math.max(
      0,
      ...spans.flatMap(({ parts }) => parts.map(({ percent }) => percent.scale)),
    );
    this.#start = start;
    this.addedScale = percentScale + 2;
    this.#nobody = [{ team: UNASSIGNED, factor: unscaledAt(fromInteger(100), percentScale) }];
    for (const [project, ofProject] of book) {
      this.#spans.set(
        project,
        ofProject.map((span) => partSpan(span, percentScale)),
      );
    }
  }

  /** The parts of a project in an hour of the month, sorted by team. */
  partsOf(project: string, hour: number): readonly TeamPart[] {
    const spans = this.#spans.get(project);
    if (spans === undefined) return this.#nobody;
    const instant = this.#start + hour * HOUR_US;
    const span = spans.find(({ end }) => instant < end);
    assert(span !== undefined, 'spans reach to the end of time');
    return span.parts;
  }
}

interface PartSpan {
  readonly end: InstantUs;
  readonly parts: readonly TeamPart[];
}

function partSpan({ end, parts }: ShareSpan, percentScale: number): PartSpan {
  return {
    end,
    parts: parts.map(({ team, percent }) => ({
      team,
      factor: unscaledAt(percent, percentScale),
    })),
  };
}
