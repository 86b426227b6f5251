/**
 * DESIGN section 5 once more, as plainly as it can be said and with fractions: what the engine is
 * held against. It shares no code with it, knows rows by resource only, and is slow.
 */
type Fraction = readonly [bigint, bigint];

export interface ReferenceRow {
  readonly region: string;
  readonly project: string;
  readonly resource: string;
  readonly measure: string;
  readonly class: string;
  readonly hour: string;
  readonly quantity: string;
}

export interface ReferenceRule {
  readonly id: string;
  readonly measure: string;
  readonly match?: Readonly<Record<string, string>>;
  readonly allowance?: string;
  readonly price: ReferencePrice;
}

export type ReferencePrice =
  | { readonly model: 'unit'; readonly unitPrice: string }
  | { readonly model: 'graduated' | 'volume'; readonly bands: readonly ReferenceBand[] }
  | { readonly model: 'package'; readonly size: string; readonly packagePrice: string }
  | { readonly model: 'flat'; readonly amount: string; readonly per: 'month' | 'resource-month' };

interface ReferenceBand {
  readonly upTo?: string;
  readonly unitPrice: string;
}

export interface ReferenceCard {
  readonly id: string;
  readonly currency: 'EUR';
  readonly effectiveFrom: string;
  readonly rules: readonly ReferenceRule[];
}

export interface ReferenceTeam {
  readonly id: string;
  readonly projects: readonly {
    readonly project: string;
    readonly share: number;
    readonly from?: string;
    readonly to?: string;
  }[];
}

const NONE: Fraction = [0n, 1n];

function read(text: string): Fraction {
  const [whole = '', decimals = ''] = text.split('.');
  return [BigInt(whole + decimals), 10n ** BigInt(decimals.length)];
}
const plus = (a: Fraction, b: Fraction): Fraction => [a[0] * b[1] + b[0] * a[1], a[1] * b[1]];
const times = (a: Fraction, b: Fraction): Fraction => [a[0] * b[0], a[1] * b[1]];
const minus = (a: Fraction, b: Fraction): Fraction => plus(a, [-b[0], b[1]]);
const isAbove = (a: Fraction, b: Fraction): boolean => a[0] * b[1] > b[0] * a[1];
const lesser = (a: Fraction, b: Fraction): Fraction => (isAbove(a, b) ? b : a);
const greater = (a: Fraction, b: Fraction): Fraction => (isAbove(a, b) ? a : b);
const ceiling = (a: Fraction): bigint => (a[0] + a[1] - 1n) / a[1];

function cents(amount: Fraction): string {
  const [n, d] = [amount[0] * 100n, amount[1]];
  const twice = 2n * (n % d);
  const up = twice > d || (twice === d && (n / d) % 2n === 1n);
  const digits = String(n / d + (up ? 1n : 0n)).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** One line per key, `quantity` a fraction and `amount` rounded: sorted by nothing. */
export function referenceLines(
  rows: readonly ReferenceRow[],
  cards: readonly ReferenceCard[],
  teams: readonly ReferenceTeam[],
): Map<string, { quantity: Fraction; amount: string }> {
  const parts = rows.flatMap((row) => split(row, teams));
  const order = (p: Part) => [p.hour, p.region, p.project, p.class, p.resource].join('\0');
  parts.sort((a, b) => (order(a) < order(b) ? -1 : 1));
  const monthOf = new Map<string, Fraction>();
  const ruled = parts.map((part) => ({ part, ...find(part, cards) }));
  for (const { part, rule } of ruled) {
    const count = `${part.team}/${rule?.id}`;
    monthOf.set(count, plus(monthOf.get(count) ?? NONE, part.amount));
  }
  const counts = new Map<string, Fraction>();
  const seen = new Set<string>();
  const lines = new Map<string, { quantity: Fraction; exact: Fraction }>();
  for (const { part, rule, card } of ruled) {
    const head = [part.team, part.project, part.region, part.measure, part.class];
    const put = (band: number, quantity: Fraction, amount: Fraction) => {
      const key = JSON.stringify(rule && card ? [...head, rule.id, card.id, band] : head);
      const old = lines.get(key) ?? { quantity: NONE, exact: NONE };
      lines.set(key, { quantity: plus(old.quantity, quantity), exact: plus(old.exact, amount) });
    };
    if (rule === undefined) {
      put(0, part.amount, NONE);
      continue;
    }
    const count = `${part.team}/${rule.id}`;
    const before = counts.get(count) ?? NONE;
    const after = plus(before, part.amount);
    counts.set(count, after);
    const allowance = read(rule.allowance ?? '0');
    const beyond = (x: Fraction) => greater(minus(x, allowance), NONE);
    const [from, to] = [beyond(before), beyond(after)];
    const { price } = rule;
    if (price.model === 'unit') put(0, part.amount, times(minus(to, from), read(price.unitPrice)));
    if (price.model === 'package') {
      const size = read(price.size);
      const packages = (x: Fraction) => ceiling(times(x, [size[1], size[0]]));
      put(0, part.amount, times([packages(to) - packages(from), 1n], read(price.packagePrice)));
    }
    if (price.model === 'flat') {
      const mark = price.per === 'month' ? '' : `/${part.region}/${part.resource}/${part.hour}`;
      const first = !seen.has(count + mark);
      seen.add(count + mark);
      const share: Fraction = price.per === 'month' ? [1n, 1n] : [1n, 744n];
      put(0, part.amount, first ? times(read(price.amount), share) : NONE);
    }
    if (price.model === 'volume') {
      const reached = beyond(monthOf.get(count) ?? NONE);
      const band = price.bands.findIndex(
        ({ upTo }) => upTo === undefined || !isAbove(reached, read(upTo)),
      );
      put(band, part.amount, times(minus(to, from), read(price.bands[band]?.unitPrice ?? '0')));
    }
    if (price.model === 'graduated') {
      const included = minus(part.amount, minus(to, from));
      if (isAbove(included, NONE)) put(0, included, NONE);
      let low = NONE;
      for (const [band, { upTo, unitPrice }] of price.bands.entries()) {
        const high = upTo === undefined ? to : lesser(to, read(upTo));
        const filled = minus(high, greater(from, low));
        if (isAbove(filled, NONE)) put(band, filled, times(filled, read(unitPrice)));
        low = upTo === undefined ? low : read(upTo);
      }
    }
  }
  return new Map(
    [...lines].map(([key, { quantity, exact }]) => [key, { quantity, amount: cents(exact) }]),
  );
}

type Part = ReferenceRow & { readonly team: string; readonly amount: Fraction };

function split(row: ReferenceRow, teams: readonly ReferenceTeam[]): Part[] {
  const isHeld = ({ from = '0', to = '9' }) => from <= row.hour && row.hour < to;
  const held = teams.flatMap(({ id, projects }) =>
    projects
      .filter((mapping) => mapping.project === row.project && isHeld(mapping))
      .map(({ share }) => ({ team: id, share })),
  );
  const rest = held.reduce((left, { share }) => left - share, 100);
  return [...held, { team: 'unassigned', share: rest }]
    .filter(({ share }) => share > 0)
    .map(({ team, share }) => ({
      ...row,
      team,
      amount: times(read(row.quantity), [BigInt(share), 100n]),
    }));
}

function find(part: Part, cards: readonly ReferenceCard[]) {
  const started = cards.filter(({ effectiveFrom }) => effectiveFrom <= part.hour);
  const card = started.reduce<ReferenceCard | undefined>(
    (last, one) => (last === undefined || one.effectiveFrom > last.effectiveFrom ? one : last),
    undefined,
  );
  const fits = (rule: ReferenceRule) =>
    rule.measure === part.measure &&
    Object.entries(rule.match ?? {}).every(([key, value]) => Reflect.get(part, key) === value);
  const weight = (rule: ReferenceRule) => Object.keys(rule.match ?? {}).length;
  const [rule] = (card?.rules ?? []).filter(fits).sort((a, b) => weight(b) - weight(a));
  return { card, rule };
}
