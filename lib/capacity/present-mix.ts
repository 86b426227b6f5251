import { compareText } from '../identifiers.ts';
import { HOUR_US, type InstantUs } from '../period/instant.ts';
import type { SurveyedInstance } from '../ports/surveys.ts';
import type { NamedFlavor } from './flavors.ts';
import type { SurveyBody } from './survey-answer.ts';

const DAY_HOURS = 24;
/** These hold none of a host's CPU and RAM. */
const OFF_HOST = new Set(['shelved_offloaded', 'deleted', 'error', 'building']);

/** Instances that stood on the last day, by the flavor that they name, the most first. */
export function presentMix(
  instances: readonly SurveyedInstance[],
  until: InstantUs,
): SurveyBody['mix'] {
  const standing = instances.filter(
    ({ isDeleted, lastAt, state, class: flavor }) =>
      !isDeleted && lastAt >= until - DAY_HOURS * HOUR_US && flavor !== '' && !OFF_HOST.has(state),
  );
  const byFlavor = Map.groupBy(standing, (instance) => instance.class);
  return [...byFlavor]
    .flatMap(([flavor, own]) => {
      // A flavor may have been made anew with other sizes: those of the last seen are its own.
      const sized = own.toSorted((a, b) => b.lastAt - a.lastAt).find(isSized);
      if (sized === undefined) return [];
      const { vcpus, memoryMib, diskGib } = sized;
      return [{ flavor, count: own.length, vcpus, ramMib: memoryMib, diskGib }];
    })
    .sort((a, b) => b.count - a.count || compareText(a.flavor, b.flavor));
}

function isSized(
  instance: SurveyedInstance,
): instance is SurveyedInstance & { readonly vcpus: number; readonly memoryMib: number } {
  const { vcpus, memoryMib } = instance;
  return (
    Number.isInteger(vcpus) &&
    Number.isInteger(memoryMib) &&
    Number(vcpus) > 0 &&
    Number(memoryMib) > 0
  );
}

/** Flavors as metered instances have them, whose names nothing else tells. */
export function meteredFlavors(mix: SurveyBody['mix']): NamedFlavor[] {
  return mix.map(({ flavor, vcpus, ramMib, diskGib }) => ({
    name: flavor,
    vcpus,
    ramMib,
    diskGib: Math.ceil(diskGib),
    origin: 'metered',
  }));
}
