import type { InstantUs } from '../period/instant.ts';
import { HOUR_US } from '../period/instant.ts';
import type {
  SurveyedHolding,
  SurveyedInstance,
  SurveyFindings,
  UseShares,
} from '../ports/surveys.ts';
import type { ReclaimSettings } from './capacity-settings.ts';
import type { NamedFlavor } from './flavors.ts';
import { CPU_FILL, smallerFlavor } from './smaller-flavor.ts';

export const RECLAIM_KINDS = [
  'idle',
  'oversized',
  'stopped',
  'unattached-volume',
  'unassociated-ip',
] as const;
export type ReclaimKind = (typeof RECLAIM_KINDS)[number];

export type Confidence = 'high' | 'medium' | 'low';

/** What somebody holds and does not need, by what its samples say. */
export interface ReclaimFinding {
  readonly kind: ReclaimKind;
  readonly resource: string;
  readonly project: string;
  /** Flavor or volume type; empty when unknown. */
  readonly class: string;
  readonly vcpus: number | null;
  readonly ramMib: number | null;
  /** Of a volume its size. */
  readonly diskGib: number | null;
  /** Of what is oversized, the flavor that would do. */
  readonly suggested: NamedFlavor | null;
  readonly confidence: Confidence;
  readonly evidence: {
    /** From the first sample to the last. */
    readonly hours: number;
    readonly samples: number;
    /** What it was compared with, in words. */
    readonly rule: string;
    readonly cpu: UseShares | null;
    readonly ram: UseShares | null;
  };
}

/** What an instance may use and still be called idle, and what else decides. */
export interface ReclaimRules {
  readonly idleShare: number;
  readonly oversizedShare: number;
  readonly hoursMin: number;
}

export function reclaimRules(settings: ReclaimSettings = {}): ReclaimRules {
  const { idleShare = 0.02, oversizedShare = 0.5, hoursMin = 24 } = settings;
  return { idleShare, oversizedShare, hoursMin };
}

const [HIGH_HOURS, MEDIUM_HOURS] = [150, 60];
/** Slots of an hour that must have been measured, of those that passed. */
const COVERED_SHARE = 0.8;
const DAY_HOURS = 24;

/** Of instances, volumes and addresses that still stood on the last day; each at most once, by resource. */
export function reclaimable(
  { instances, holdings }: Pick<SurveyFindings, 'instances' | 'holdings'>,
  options: {
    readonly rules: ReclaimRules;
    readonly flavors: readonly NamedFlavor[];
    /** The end of the days that were read: what was not seen in the last of them is gone. */
    readonly until: InstantUs;
  },
): ReclaimFinding[] {
  const { rules, until } = options;
  const stands = (one: SurveyedInstance | SurveyedHolding) =>
    !one.isDeleted && one.lastAt >= until - DAY_HOURS * HOUR_US;
  const enough = (one: SurveyedInstance | SurveyedHolding) => hoursOf(one) >= rules.hoursMin;
  const found = [
    ...instances
      .filter(stands)
      .filter(enough)
      .map((one) => ofInstance(one, options)),
    ...holdings.filter(stands).filter(enough).map(ofHolding),
  ];
  return found.filter((finding) => finding !== null);
}

function ofInstance(
  instance: SurveyedInstance,
  { rules, flavors }: { readonly rules: ReclaimRules; readonly flavors: readonly NamedFlavor[] },
): ReclaimFinding | null {
  const { samples, stoppedSamples, state, cpu } = instance;
  if (samples > 0 && stoppedSamples === samples) {
    return finding(instance, 'stopped', { rule: `every sample says ${state}` });
  }
  if (cpu === null || stoppedSamples > 0) return null;
  if (cpu.p95 <= rules.idleShare) {
    const rule = `95 % of the time at most ${percent(rules.idleShare)} of its vCPUs busy`;
    return finding(instance, 'idle', { rule });
  }
  if (cpu.p99 > rules.oversizedShare) return null;
  const suggested = smallerFlavor(instance, cpu, flavors);
  if (suggested === null) return null;
  const rule = `99 % of the time at most ${percent(rules.oversizedShare)} of its vCPUs busy, and ${suggested.name} takes that with ${percent(1 - CPU_FILL)} to spare`;
  return finding(instance, 'oversized', { rule, suggested });
}

function ofHolding(holding: SurveyedHolding): ReclaimFinding | null {
  const { kind, samples, orphanSamples, size } = holding;
  if (samples === 0 || orphanSamples < samples) return null;
  const isVolume = kind === 'volume';
  const sized = { ...holding, diskGib: isVolume ? size : null };
  return isVolume
    ? finding(sized, 'unattached-volume', {
        rule: 'every sample says that it is attached to nothing',
      })
    : finding(sized, 'unassociated-ip', { rule: 'every sample says that it has no port' });
}

function finding(
  surveyed: Pick<
    SurveyedInstance,
    'resource' | 'project' | 'class' | 'samples' | 'firstAt' | 'lastAt'
  > &
    Partial<Pick<SurveyedInstance, 'vcpus' | 'memoryMib' | 'cpu' | 'ram'>> & {
      readonly diskGib: number | null;
    },
  kind: ReclaimKind,
  { rule, suggested = null }: { readonly rule: string; readonly suggested?: NamedFlavor | null },
): ReclaimFinding {
  const { resource, project, class: ofClass, samples, diskGib } = surveyed;
  const { vcpus = null, memoryMib = null, cpu = null, ram = null } = surveyed;
  const hours = hoursOf(surveyed);
  const measured = kind === 'idle' || kind === 'oversized' ? (cpu?.slots ?? 0) : samples;
  return {
    kind,
    resource,
    project,
    class: ofClass,
    vcpus,
    ramMib: memoryMib,
    diskGib,
    suggested,
    confidence: confidenceOf(hours, measured),
    evidence: { hours: Math.round(hours * 10) / 10, samples, rule, cpu, ram },
  };
}

/** How long it was watched, and whether it was watched all the while: at least once an hour. */
function confidenceOf(hours: number, measured: number): Confidence {
  if (measured < COVERED_SHARE * hours) return 'low';
  if (hours >= HIGH_HOURS) return 'high';
  return hours >= MEDIUM_HOURS ? 'medium' : 'low';
}

function hoursOf({ firstAt, lastAt }: Pick<SurveyedInstance, 'firstAt' | 'lastAt'>): number {
  return (lastAt - firstAt) / HOUR_US;
}

function percent(share: number): string {
  return `${Math.round(share * 1_000) / 10} %`;
}
