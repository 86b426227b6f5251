import { decimalOf, isZero } from '../decimal/decimal.ts';
import type { Month } from '../period/calendar.ts';
import type { AppliedRate } from '../rating/exchange-rates.ts';
import type { ExplainedLine } from './explain-bill.ts';
import type { DocumentAuthor } from './price-terms.ts';
import type { Term } from './working.ts';

type Line = Omit<ExplainedLine, 'text'>;

/** An explanation in sentences, in the order in which an amount comes about: the first says what is explained. */
export function lineWording(
  line: Line,
  of: { readonly period: Month; readonly team: string },
): string[] {
  return [headWords(line, of), ...calculationWords(line), ...sourceWords(line)];
}

/** What was used, by what it is priced, and what that comes to. */
export function calculationWords(line: Line): string[] {
  return [...originWords(line), ...priceWords(line), ...workingWords(line)];
}

function headWords(
  { line, amount, working, ...key }: Line,
  { period, team }: { readonly period: Month; readonly team: string },
): string {
  return `Line ${line} of the bill of "${team}" for ${period}: ${amount} ${working.currency}, ${whatOf(key)}.`;
}

const KIND_WORDS: Readonly<Record<ExplainedLine['kind'], string>> = {
  usage: 'usage',
  pool: 'a part of a cost pool',
  idle: 'what nobody used of a cost pool',
  commitment: 'a commitment, paid for used or not',
  'rule-minimum': 'what is missing to the minimum of a rule',
  discount: 'a discount',
  minimum: 'what is missing to the minimum of the team',
  surcharge: 'a surcharge',
  charge: 'a charge',
  credit: 'a credit',
};

/** `cores of class m1 in region west, project p1`. */
export function whatOf(
  line: Pick<Line, 'kind' | 'measure' | 'region' | 'project' | 'rule' | 'class'>,
): string {
  const { kind, measure, region, project, rule } = line;
  const ofClass = line.class === '' || kind === 'idle' ? '' : ` of class ${line.class}`;
  const where = [
    region === '' ? '' : ` in region ${region}`,
    project === '' ? '' : `, project ${project}`,
  ].join('');
  if (kind === 'usage') return `${measure}${ofClass}${where}`;
  return `${KIND_WORDS[kind]} ("${rule}")${measure === '' ? '' : `, ${measure}${ofClass}`}${where}`;
}

function originWords({ origin, unit, quantity }: Line): string[] {
  if (origin === null) return [];
  const units = unit === null ? '' : ` ${unit}s`;
  const shares = origin.shares.map(
    (share) =>
      `Usage: ${share.quantity}${units} of the project from ${share.from} to ${share.to}, of which the team bears ${share.percent} %: ${share.part}.`,
  );
  const covered = origin.covered.map(
    ({ commitment, quantity: of }) => `Commitment "${commitment}" covers ${of}${units} of it.`,
  );
  const elsewhere = isZero(decimalOf(origin.elsewhere))
    ? []
    : [`${origin.elsewhere}${units} of it are on other lines, or unrated.`];
  return [...shares, ...covered, ...elsewhere, `On this line: ${quantity}${units}.`];
}

function priceWords(line: Line): string[] {
  const { kind, rule, card, price } = line;
  const version = price.version === null ? '' : `, version ${price.version}`;
  switch (kind) {
    case 'usage':
      return [
        `Price: rule "${rule}" of card "${card}"${version}, ${price.model}.`,
        ...allowanceWords(line),
        ...bandWords(line),
      ];
    case 'rule-minimum':
      return [`Price: the minimum of the rule, by card "${price.id}"${version}.`];
    case 'pool':
    case 'idle':
      return [
        `Cost pool "${price.id}"${version}: ${price.poolAmount} ${price.currency}, idle cost ${price.idle === 'keep' ? 'is kept apart' : 'is spread over use'}; ${price.used} units of the measure were used.`,
        ...(price.exchange === undefined
          ? []
          : [
              `It was converted at ${rateWords(price.exchange)}, and rounded, before it was divided.`,
            ]),
      ];
    default:
      return [
        `By adjustment "${price.id}"${version}${limitWords(line)}${authorWords(price.author)}.`,
        ...(price.reason === undefined ? [] : [`Reason: ${price.reason}`]),
        ...usedWords(line),
      ];
  }
}

function usedWords({ price: { used, unused }, unit, quantity }: Line): string[] {
  if (used === undefined || unused === undefined) return [];
  const units = unit === null ? '' : ` ${unit}s`;
  return [`Of ${quantity}${units} bought, ${used} were used and ${unused} not.`];
}

export function authorWords(author: DocumentAuthor | undefined): string {
  return author === undefined ? '' : `, written by ${author.actor} on ${author.at}`;
}

function limitWords({ price: { project, measure } }: Line): string {
  return `${measure === undefined ? '' : `, of ${measure}`}${project === undefined ? '' : `, of project ${project}`}`;
}

function allowanceWords({ price: { allowance, monthQuantity }, quantity }: Line): string[] {
  if (allowance === undefined || allowance === '0') return [];
  return [
    `Allowance: ${allowance} units of the month cost nothing; the team had ${monthQuantity} by this rule, ${quantity} of them on this line.`,
  ];
}

function bandWords({ band, price }: Line): string[] {
  if (price.band === undefined) return [];
  const { from, upTo } = price.band;
  const edge = upTo === null ? `above ${from}` : `above ${from} up to ${upTo}`;
  const why =
    price.model === 'volume'
      ? `the month reached it with ${price.monthQuantity} units, so all units beyond the allowance cost its price`
      : 'units fill the bands in the order of their hours';
  return [`Band ${band}: units ${edge} in the month beyond the allowance; ${why}.`];
}

function workingWords({ working }: Line): string[] {
  const { factors, dividedBy, less, exchange, exact, rounding, atMost, isGivenBack, amount } =
    working;
  const steps = [
    factors.map(termWords).join(' x '),
    ...dividedBy.map((one) => ` / ${termWords(one)}`),
    less === null ? '' : ` - ${termWords(less)}`,
    exchange === null ? '' : ` x ${rateWords(exchange)}`,
  ].join('');
  const limits = atMost.map((one) => termWords(one)).join(' and ');
  return [
    `Amount: ${steps} = ${exact}.`,
    roundingWords(rounding),
    ...(limits === '' ? [] : [`At most: ${limits}.`]),
    `${isGivenBack ? 'Given back' : 'Result'}: ${amount} ${working.currency}.`,
  ];
}

function rateWords({ rate, from, to, date }: AppliedRate): string {
  return `${rate} ${to} for a ${from} (rate of ${date})`;
}

function roundingWords({ step, rule, raised }: Line['working']['rounding']): string {
  if (rule === 'half-even') return `Rounded once, half-even, to ${step}.`;
  return raised
    ? `Cut to ${step} and raised by ${step}: its remainder was among the largest, so that the parts add up to the pool.`
    : `Cut to ${step}: its remainder was not among the largest; the parts add up to the pool.`;
}

function termWords({ what, value, unit }: Term): string {
  return `${value}${unit === '' ? '' : ` ${unit}`} (${what})`;
}

export function sourceWords({ source }: Pick<Line, 'source'>): string[] {
  if (source === null) return [];
  return [`Where it came from: ${source.usage}`, `and for an hour of a resource: ${source.hour}`];
}
