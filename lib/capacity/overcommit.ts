import * as z from 'zod';
import type { HostShares, SurveyFindings } from '../ports/surveys.ts';
import type { OvercommitSettings } from './capacity-settings.ts';

const DAYS_MIN = 3;
const SLOTS_MIN = 500;
/** Guests that run out of RAM are killed: the most ever seen counts, with this to spare. */
const RAM_FILL = 0.9;
const RATIO_STEP = 10;

const share = z.number().min(0);

const evidence = z.strictObject({
  hosts: z.int().min(0),
  slots: z
    .int()
    .min(0)
    .describe(
      'Host and slot, of 5 minutes or an hour, in which 90 % of its instances were measured.',
    ),
  days: z.int().min(0),
  p50: share,
  p95: share,
  p99: share,
  max: share,
});

const safe = z.strictObject({
  status: z.enum(['measured', 'not_enough_data', 'not_measured']),
  ratio: z
    .number()
    .positive()
    .nullable()
    .describe(
      'The largest safe allocation ratio, floored to a tenth; null: no measurement bears one.',
    ),
  presentRatio: z
    .number()
    .positive()
    .nullable()
    .describe('Claimable over physical now; null when not known.'),
  evidence: evidence
    .nullable()
    .describe('Use of all instances of a host at one time, as a share of what they hold.'),
  explanation: z.string(),
});

/** How far a region may overcommit, as the API tells it. */
export const overcommitAnswer = z.strictObject({
  region: z.string(),
  day: z.string().meta({ format: 'date' }).describe('The last day that was read.'),
  days: z.int().positive(),
  alpha: z
    .number()
    .describe('Accepted share of time in which the instances of a host want more CPU than it has.'),
  cpu: safe,
  ram: safe,
});
export type OvercommitAnswer = z.infer<typeof overcommitAnswer>;
type Safe = z.infer<typeof safe>;

export interface PresentRatios {
  readonly cpu: number | null;
  readonly ram: number | null;
}

/**
 * The largest ratios at which the instances of a host find what they use: all of a host together, at
 * the same time, since their peaks coincide. If a host held r vCPUs a core of instances like those
 * there now, they would use r x share of it; that is at most the whole for all but `alpha` of the time.
 */
export function overcommitOf(
  { cpuOfHosts, ramOfHosts }: Pick<SurveyFindings, 'cpuOfHosts' | 'ramOfHosts'>,
  { alpha = 0.01 }: OvercommitSettings,
  present: PresentRatios,
): Pick<OvercommitAnswer, 'alpha' | 'cpu' | 'ram'> {
  return {
    alpha,
    cpu: cpuRatio(cpuOfHosts, alpha, present.cpu),
    ram: ramRatio(ramOfHosts, present.ram),
  };
}

function cpuRatio(shares: HostShares | null, alpha: number, presentRatio: number | null): Safe {
  const short = shortage(
    shares,
    'cpu samples whose metadata name a host that Placement or Nova knows',
  );
  if (short !== null || shares === null) {
    return { ...shortAnswer(shares, presentRatio), ratio: null, explanation: short ?? '' };
  }
  const [quantile, name] = alpha >= 0.05 ? [shares.p95, 'P95'] : [shares.p99, 'P99'];
  const ratio = quantile > 0 ? Math.floor(RATIO_STEP / quantile) / RATIO_STEP : null;
  return {
    status: 'measured',
    ratio,
    presentRatio,
    evidence: shares,
    explanation:
      ratio === null
        ? 'The instances used no CPU at all: nothing can be said of their peaks.'
        : `${name} of the CPU that all instances of a host use at one time is ${told(quantile)} of the vCPUs that they hold: 1 / ${told(quantile)} = ${ratio} vCPUs a core.`,
  };
}

function ramRatio(shares: HostShares | null, presentRatio: number | null): Safe {
  const short = shortage(shares, 'memory.usage samples whose metadata name a host that is known');
  if (short !== null || shares === null) {
    const explanation = `1.0, as nothing tells what guests use of their RAM. ${short}`;
    return { ...shortAnswer(shares, presentRatio), ratio: 1, explanation };
  }
  const ratio = Math.max(1, Math.floor((RATIO_STEP * RAM_FILL) / shares.max) / RATIO_STEP);
  return {
    status: 'measured',
    ratio,
    presentRatio,
    evidence: shares,
    explanation: `The most RAM that the guests of a host had in use at one time is ${told(shares.max)} of what they hold; with 10 % to spare that bears ${ratio}. Page caches are not in it: a host that swaps is slower than these numbers say.`,
  };
}

function shortage(shares: HostShares | null, needed: string): string | null {
  if (shares === null) return `Not measured: send ${needed}.`;
  if (shares.days >= DAYS_MIN && shares.slots >= SLOTS_MIN) return null;
  return `${shares.days} days and ${shares.slots} slots of hosts were measured; at least ${DAYS_MIN} days and ${SLOTS_MIN} slots are needed.`;
}

function shortAnswer(
  shares: HostShares | null,
  presentRatio: number | null,
): Pick<Safe, 'status' | 'presentRatio' | 'evidence'> {
  const status = shares === null ? 'not_measured' : 'not_enough_data';
  return { status, presentRatio, evidence: shares };
}

function told(value: number): string {
  return String(Number(value.toPrecision(3)));
}
