import * as z from 'zod';
import { parseRegion } from '../../lib/identifiers.ts';
import {
  type MadeSurvey,
  type SurveyPorts,
  surveyRegion,
} from '../../lib/planning/survey-region.ts';

const Event = z.object({ region: z.string().transform(parseRegion) });

export interface SurveyDeps extends SurveyPorts {
  readonly log: (message: string, details: Record<string, unknown>) => void;
}

/** Surveys one region: what its instances use of what they hold. */
export function surveyHandler({ log, ...ports }: SurveyDeps) {
  return async (event: unknown): Promise<MadeSurvey> => {
    const made = await surveyRegion(ports, Event.parse(event).region);
    log('surveyed', { ...made });
    return made;
  };
}
